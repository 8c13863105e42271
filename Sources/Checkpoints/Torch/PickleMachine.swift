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
    private static let mostAxes = 16
    /// A tensor is the one value that takes much more memory than the instructions that make it.
    private static let mostTensors = 1 << 18

    let path: String
    private let bytes: UnsafeRawBufferPointer
    private var place = 0

    private var stack: [PickleValue] = []
    /// Heights of the stack at which a MARK stands.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    private(set) var strings: [String] = []
    private(set) var sequences: [[PickleValue]] = []
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    private(set) var storages: [TorchStorage] = []
    private(set) var tensors: [TorchTensor] = []
    private var globals: [(meaning: PickleGlobal, name: String)] = []
    private var globalIndices: [String: Int] = [:]
    /// The indices of the names of objects that were not built, in the order met.
    private var met: [Int] = []
    /// Pairs that were copied out of lists.
    private var copied = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// The dotted name behind an opaque value.
    func name(_ index: Int) -> String { globals[index].name }

    /// The dotted names of all that was not built.
    var metNames: [String] {
        var seen = Set<Int>()
        return met.filter { seen.insert($0).inserted }.map(name)
    }

    func malformed(_ reason: String) -> CheckpointError { .malformedPickle(path: path, reason: reason) }

    // MARK: Running

    /// The value that the program leaves.
    mutating func run() throws(CheckpointError) -> PickleValue {
        guard bytes.count <= Self.longest else {
            throw malformed("it has \(bytes.count) bytes, more than the \(Self.longest) that amp believes")
        }
        while true {
            let start = place
            let code = try byte()
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
            let version = try byte()
            guard version <= 5 else { throw malformed("it is of protocol \(version); amp knows those up to 5") }
        case .frame: _ = try take(8)
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop:
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())

        case .nothing: stack.append(.nothing)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt: stack.append(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
        case .binInt1: stack.append(.int(try number(1)))
        case .binInt2: stack.append(.int(try number(2)))
        case .long1: stack.append(try long(number(1)))
        case .long4: stack.append(try long(number(4)))
        case .binFloat:
            let raw = try take(8)
            stack.append(.float(Double(bitPattern: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)))))
        case .shortBinUnicode, .shortBinString: try pushString(number(1))
        case .binUnicode, .binString: try pushString(number(4))
        case .binUnicode8: try pushString(number(8))
        case .shortBinBytes: try pushPlain(number(1))
        case .binBytes: try pushPlain(number(4))
        case .binBytes8, .byteArray8: try pushPlain(number(8))

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

        case .binGet: try get(number(1))
        case .longBinGet: try get(number(4))
        case .binPut: memo[try number(1)] = try top()
        case .longBinPut: memo[try number(4)] = try top()
        case .memoize: memo[memo.count] = try top()

        case .global:
            let module = try line()
            pushGlobal(module: module, name: try line())
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

    // MARK: Bytes

    private mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
        guard count >= 0, bytes.count - place >= count else { throw malformed("it ends in the middle") }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)])
    }

    private mutating func byte() throws(CheckpointError) -> UInt8 { try take(1)[0] }

    /// A whole number without sign of up to 8 bytes.
    private mutating func number(_ size: Int) throws(CheckpointError) -> Int {
        var value: UInt64 = 0
        for (index, byte) in try take(size).enumerated() { value |= UInt64(byte) << (8 * index) }
        guard let value = Int(exactly: value) else { throw malformed("it announces more bytes than there are") }
        return value
    }

    /// A whole number in two's complement of any length.
    private mutating func long(_ size: Int) throws(CheckpointError) -> PickleValue {
        let raw = try take(size)
        guard raw.count <= 8 else { return .plain }
        var value: Int = raw.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in raw.reversed() { value = value << 8 | Int(byte) }
        return .int(value)
    }

    /// Up to the end of the line.
    private mutating func line() throws(CheckpointError) -> String {
        guard let end = bytes[place...].prefix(1024).firstIndex(of: UInt8(ascii: "\n")) else {
            throw malformed("it names a class without an end")
        }
        defer { place = end + 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
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

    private mutating func pushDictionary(_ pairs: [(key: PickleValue, value: PickleValue)]) {
        dictionaries.append(pairs)
        stack.append(.dictionary(dictionaries.count - 1))
    }

    private mutating func pushString(_ length: Int) throws(CheckpointError) {
        strings.append(String(decoding: try take(length), as: UTF8.self))
        stack.append(.string(strings.count - 1))
    }

    private mutating func pushPlain(_ length: Int) throws(CheckpointError) {
        _ = try take(length)
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

    // MARK: What would be built

    private mutating func pushOpaque(_ index: Int) {
        // Once each is enough to tell them.
        if met.count < 4096 { met.append(index) }
        stack.append(.opaque(index))
    }

    private mutating func build(_ callee: PickleValue, arguments: PickleValue) throws(CheckpointError) {
        guard case .sequence(let index, isTuple: true) = arguments else {
            throw malformed("it calls something without a tuple of arguments")
        }
        switch callee {
        case .opaque(let name): pushOpaque(name)
        case .global(let global): try build(global, sequences[index])
        default: throw malformed("it calls what is no function")
        }
    }

    private mutating func build(_ global: Int, _ arguments: [PickleValue]) throws(CheckpointError) {
        switch globals[global].meaning {
        case .dictionary:
            let pairs = pairs(arguments.first)
            copied += pairs.count
            guard copied <= bytes.count else { throw malformed("it copies the same list over and over") }
            pushDictionary(pairs)
        case .rebuildTensor, .rebuildTypedTensor:
            guard let tensor = tensor(globals[global].meaning, arguments) else {
                throw malformed("a tensor is rebuilt from something else than a storage, an offset, sizes and strides")
            }
            guard tensors.count < Self.mostTensors else { throw malformed("it holds more tensors than any model") }
            tensors.append(tensor)
            stack.append(.tensor(tensors.count - 1))
        case .rebuildParameter:
            guard let data = arguments.first else { throw malformed("a parameter is rebuilt from nothing") }
            stack.append(data)
        case .rebuildFromType:
            guard arguments.count >= 3, case .global(let function) = arguments[0],
                case .sequence(let inner, isTuple: true) = arguments[2]
            else { throw malformed("a tensor is rebuilt from something else than a function and its arguments") }
            if case .rebuildFromType = globals[function].meaning {
                pushOpaque(global)
            } else {
                try build(function, sequences[inner])
            }
        case .elementType, .other: pushOpaque(global)
        }
    }

    /// The pairs of a list of pairs, as OrderedDict takes them.
    private func pairs(_ list: PickleValue?) -> [(key: PickleValue, value: PickleValue)] {
        guard case .sequence(let index, _)? = list else { return [] }
        return sequences[index].compactMap { item in
            guard case .sequence(let pair, _) = item, sequences[pair].count == 2 else { return nil }
            return (sequences[pair][0], sequences[pair][1])
        }
    }

    /// (storage, offset, sizes, strides, requires_grad, hooks[, metadata]), and with a type before the metadata.
    private func tensor(_ function: PickleGlobal, _ arguments: [PickleValue]) -> TorchTensor? {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1],
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
            shape.count <= Self.mostAxes
        else { return nil }
        var tensor = TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
        var metadata = arguments.dropFirst(6)
        if case .rebuildTypedTensor = function {
            guard case .global(let index)? = metadata.popFirst(), case .elementType(let type) = globals[index].meaning
            else {
                return nil
            }
            tensor.type = type
        }
        if case .dictionary(let index)? = metadata.first {
            tensor.isLazilyChanged = dictionaries[index].contains { pair in
                if case .bool(true) = pair.value { true } else { false }
            }
        }
        return tensor
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .sequence(let index, _) = value else { return nil }
        var result: [Int] = []
        for item in sequences[index] {
            guard case .int(let number) = item else { return nil }
            result.append(number)
        }
        return result
    }

    /// ('storage', type, key, location, count).
    private mutating func pushStorage(_ id: PickleValue) throws(CheckpointError) {
        guard case .sequence(let index, isTuple: true) = id, sequences[index].count >= 5,
            case .string(let kind) = sequences[index][0], strings[kind] == "storage",
            case .global(let global) = sequences[index][1], case .elementType(let type) = globals[global].meaning,
            case .string(let key) = sequences[index][2], case .int(let count) = sequences[index][4]
        else { throw malformed("it refers to something outside itself that is no storage") }
        storages.append(TorchStorage(type: type, key: strings[key], count: count))
        stack.append(.storage(storages.count - 1))
    }
}
