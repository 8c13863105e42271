import Foundation

/// Reads a pickle as torch.save writes it, without ever running anything.
///
/// A pickle is a program for a stack machine. This one knows the instructions of protocols 2 to 5 that build
/// dictionaries, lists, numbers, strings and tensors; functions and classes are names to it. Every instruction takes at
/// least one byte and makes at most one value, so that work is bounded by the length, and memory by what is believed of
/// it; nothing recurses.
/// Instructions: CPython's `pickletools`; what PyTorch makes of them: `torch/_utils.py`, `torch/serialization.py`.
struct PickleMachine {
    /// The longest pickle that is believed: checkpoints of ten thousand tensors take two megabytes.
    static let longest = 16 << 20
    private static let deepestStack = 1 << 20
    /// Values of any one kind that are believed: what takes a byte in the file takes a hundred here.
    private static let mostValues = 1 << 20
    static let mostAxes = 16
    /// A tensor is the one value that takes much more memory than the instructions that make it.
    static let mostTensors = 1 << 18

    private(set) var reader: PickleReader

    var stack: [PickleValue] = []
    /// Heights of the stack at which a MARK stands.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    private(set) var strings: [String] = []
    private(set) var sequences: [[PickleValue]] = []
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []
    var globals: [(meaning: PickleGlobal, name: String)] = []
    private var globalIndices: [String: Int] = [:]
    /// The indices of the names of objects that were not built, in the order met.
    var met: [Int] = []
    /// Pairs that were copied out of lists.
    var copied = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        reader = PickleReader(bytes, path: path)
    }

    /// The dotted name behind an opaque value.
    func name(_ index: Int) -> String { globals[index].name }

    /// The dotted names of all that was not built.
    var metNames: [String] {
        var seen = Set<Int>()
        return met.filter { seen.insert($0).inserted }.map(name)
    }

    var path: String { reader.path }

    func malformed(_ reason: String) -> CheckpointError { reader.malformed(reason) }

    // MARK: Running

    /// The value that the program leaves.
    mutating func run() throws(CheckpointError) -> PickleValue {
        guard reader.bytes.count <= Self.longest else {
            throw malformed("it has \(reader.bytes.count) bytes, more than the \(Self.longest) that amp believes")
        }
        while true {
            let start = reader.place
            let code = try reader.byte()
            guard let instruction = PickleInstruction(rawValue: code) else {
                throw malformed(
                    "its instruction 0x\(String(code, radix: 16)) at byte \(start) is none that tensors need")
            }
            if instruction == .stop { return try pop() }
            try step(instruction)
            guard stack.count <= Self.deepestStack else { throw malformed("its stack grows beyond all measure") }
            guard sequences.count <= Self.mostValues, dictionaries.count <= Self.mostValues,
                strings.count <= Self.mostValues, memo.count <= Self.mostValues
            else { throw malformed("it holds more values than any checkpoint") }
        }
    }

    private mutating func step(_ instruction: PickleInstruction) throws(CheckpointError) {
        switch instruction {
        case .proto:
            let version = try reader.byte()
            guard version <= 5 else { throw malformed("it is of protocol \(version); amp knows those up to 5") }
        case .frame: _ = try reader.take(8)
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop:
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())

        case .nothing: stack.append(.nothing)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt: stack.append(.int(Int(Int32(truncatingIfNeeded: try reader.number(4)))))
        case .binInt1: stack.append(.int(try reader.number(1)))
        case .binInt2: stack.append(.int(try reader.number(2)))
        case .long1: stack.append(try reader.long(reader.number(1)))
        case .long4: stack.append(try reader.long(reader.number(4)))
        case .binFloat:
            let raw = try reader.take(8)
            stack.append(.float(Double(bitPattern: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)))))
        case .shortBinUnicode, .shortBinString: try pushString(reader.number(1))
        case .binUnicode, .binString: try pushString(reader.number(4))
        case .binUnicode8: try pushString(reader.number(8))
        case .shortBinBytes: try pushPlain(reader.number(1))
        case .binBytes: try pushPlain(reader.number(4))
        case .binBytes8, .byteArray8: try pushPlain(reader.number(8))

        case .emptyTuple: push(tuple: [])
        case .tuple1: push(tuple: try pop(1))
        case .tuple2: push(tuple: try pop(2))
        case .tuple3: push(tuple: try pop(3))
        case .tuple: push(tuple: try popToMark())
        case .emptyList:
            sequences.append([])
            stack.append(.sequence(sequences.count - 1, isTuple: false))
        case .append: try append([pop()])
        case .appends: try append(popToMark())
        case .emptySet: stack.append(.plain)
        case .addItems: _ = try popToMark()
        case .frozenSet:
            _ = try popToMark()
            stack.append(.plain)
        case .emptyDict: pushDictionary([])
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popToMark())

        case .binGet: try get(reader.number(1))
        case .longBinGet: try get(reader.number(4))
        case .binPut: memo[try reader.number(1)] = try top()
        case .longBinPut: memo[try reader.number(4)] = try top()
        case .memoize: memo[memo.count] = try top()

        case .global:
            let module = try reader.line()
            pushGlobal(module: module, name: try reader.line())
        case .stackGlobal:
            let parts = try pop(2)
            guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
                throw malformed("it names a class by something else than words")
            }
            pushGlobal(module: strings[module], name: strings[name])
        case .reduce, .newObject:
            let parts = try pop(2)
            try build(parts[0], arguments: parts[1])
        case .newObjectKeywords:
            let parts = try pop(3)
            try build(parts[0], arguments: parts[1])
        // The state of a dictionary is PyTorch's version note; that of anything else belongs to an unbuilt object.
        case .build: _ = try pop()
        case .binPersistentID: try pushStorage(pop())
        }
    }

    // MARK: The stack

    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw malformed("it uses a value too many") }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw malformed("it uses a value too many") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw malformed("it closes what was not opened") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func push(tuple values: [PickleValue]) {
        sequences.append(values)
        stack.append(.sequence(sequences.count - 1, isTuple: true))
    }

    mutating func pushDictionary(_ pairs: [(key: PickleValue, value: PickleValue)]) {
        dictionaries.append(pairs)
        stack.append(.dictionary(dictionaries.count - 1))
    }

    private mutating func pushString(_ length: Int) throws(CheckpointError) {
        strings.append(String(decoding: try reader.take(length), as: UTF8.self))
        stack.append(.string(strings.count - 1))
    }

    private mutating func pushPlain(_ length: Int) throws(CheckpointError) {
        _ = try reader.take(length)
        stack.append(.plain)
    }

    private mutating func get(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else { throw malformed("it recalls a value that it never kept") }
        stack.append(value)
    }

    private mutating func append(_ values: [PickleValue]) throws(CheckpointError) {
        // Anything else is an object that was not built, whose contents do not matter.
        if case .sequence(let index, isTuple: false) = try top() { sequences[index] += values }
    }

    private mutating func setItems(_ values: [PickleValue]) throws(CheckpointError) {
        guard values.count % 2 == 0 else { throw malformed("it sets a key without a value") }
        guard case .dictionary(let index) = try top() else { return }
        for place in stride(from: 0, to: values.count, by: 2) {
            dictionaries[index].append((values[place], values[place + 1]))
        }
    }

    private mutating func pushGlobal(module: String, name: String) {
        let dotted = "\(module).\(name)"
        if let known = globalIndices[dotted] {
            stack.append(.global(known))
            return
        }
        globals.append((PickleGlobal(module: module, name: name), dotted))
        globalIndices[dotted] = globals.count - 1
        stack.append(.global(globals.count - 1))
    }
}
