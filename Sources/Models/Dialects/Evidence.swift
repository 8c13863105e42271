import Checkpoints
import Tensor

/// What a dialect reads an architecture from: the configuration where there is one, and the tensors' shapes.
struct Evidence: Sendable {
    let family: Family
    let checkpoint: Checkpoint
    let names: TensorNames
    let configuration: Dialect.Configuration
    let given: Given
    /// Hidden widths that `amp.json` announces for a pruned model.
    let prunedWidths: [Int]?
    private let noted = Locked<[Assumption]>([])

    init(
        family: Family, checkpoint: Checkpoint, table: TensorTable, configuration: Dialect.Configuration,
        prefix: String, given: Given,
        prunedWidths: [Int]?
    ) {
        self.family = family
        self.checkpoint = checkpoint
        self.configuration = configuration
        self.given = given
        self.prunedWidths = prunedWidths
        names = TensorNames(table: table, prefix: prefix, file: checkpoint.weights)
    }

    /// What was assumed so far, because no file says it.
    var assumptions: [Assumption] {
        (checkpoint.config == nil && config == nil ? [.noConfiguration] : []) + noted.withLock { $0 }
    }

    func note(_ assumption: Assumption) { noted.withLock { $0.append(assumption) } }

    var file: Weights { checkpoint.weights }
    var table: TensorTable { names.table }
    var config: JSON? { configuration.json }
    var configPath: String { checkpoint.directory + "/" + configuration.file }

    // MARK: Tensors

    func has(_ name: String?) -> Bool { name.map(names.has) ?? false }

    /// The shape of a tensor that must be there with that many axes, axes of size 1 in front not counted beyond them.
    func shape(_ name: String, axes: Int) throws(ModelError) -> [Int] {
        let full = names.full(name)
        let any = Array(repeating: -1, count: axes)
        guard let info = file.tensors[full] else {
            throw .missingTensor(path: file.path, tensor: full, expected: any, similar: nil)
        }
        var shape = info.shape[...]
        while shape.count > axes, shape.first == 1 { shape.removeFirst() }
        guard shape.count == axes, shape.allSatisfy({ $0 > 0 }) else {
            throw .misshapenTensor(path: file.path, tensor: full, expected: any, found: info.shape)
        }
        return Array(shape)
    }

    /// The number of consecutive blocks that the file has tensors of.
    var depth: Int {
        var depth = 0
        while true {
            let part = names.inBlock(depth)
            let typical = [
                names.norm(part(table.attentionNorm)).weight, part(names.attention).weights[0],
                part(names.mlp).output.weight,
            ]
            guard typical.contains(where: { file.tensors[names.full($0)] != nil }) else { return depth }
            depth += 1
        }
    }

    /// The number of learned tokens under a name: 0 where there is none.
    func count(of tokens: String?) throws(ModelError) -> Int {
        guard let tokens, let info = file.tensors[names.full(tokens)] else { return 0 }
        if info.count == 0 { return 0 }
        return try shape(tokens, axes: 2)[0]
    }

    // MARK: Configuration

    /// A whole number of the configuration; nil where it is not given.
    func integer(_ path: String...) throws(ModelError) -> Int? { try integer(at: path) }

    func integer(at path: [String]) throws(ModelError) -> Int? {
        guard let value = value(path) else { return nil }
        guard let int = value.int, int >= 0, int <= 1 << 30 else {
            throw mismatch(path, "a whole number", value)
        }
        return int
    }

    func number(_ path: String...) throws(ModelError) -> Double? { try number(at: path) }

    func number(at path: [String]) throws(ModelError) -> Double? {
        guard let value = value(path) else { return nil }
        guard let double = value.double, double.isFinite else { throw mismatch(path, "a number", value) }
        return double
    }

    /// A width times a ratio of the configuration, rounded down as the libraries do; nil where it is not given.
    func product(of width: Int, and path: String...) throws(ModelError) -> Int? {
        guard let value = value(path) else { return nil }
        guard let ratio = value.double, ratio >= 0, let product = Int(exactly: (Double(width) * ratio).rounded(.down)),
            product <= 1 << 30
        else { throw mismatch(path, "a ratio", value) }
        return product
    }

    func boolean(_ path: String...) throws(ModelError) -> Bool? {
        guard let value = value(path) else { return nil }
        guard let bool = value.bool else { throw mismatch(path, "true or false", value) }
        return bool
    }

    func string(_ path: String...) throws(ModelError) -> String? { try string(at: path) }

    func string(at path: [String]) throws(ModelError) -> String? {
        guard let value = value(path) else { return nil }
        guard let string = value.string else { throw mismatch(path, "a string", value) }
        return string
    }

    /// A size given as one number or as height and width.
    func extent(_ path: String...) throws(ModelError) -> Extent? { try extent(at: path) }

    func extent(at path: [String]) throws(ModelError) -> Extent? {
        guard let value = value(path) else { return nil }
        if let side = value.int, side > 0, side <= 1 << 14 { return Extent(square: side) }
        if let sides = value.array?.compactMap(\.int), sides.count == 2, sides.allSatisfy({ $0 > 0 && $0 <= 1 << 14 }) {
            return Extent(height: sides[0], width: sides[1])
        }
        throw mismatch(path, "one size or [height, width]", value)
    }

    private func value(_ path: [String]) -> JSON? {
        guard let value = config?[path], !value.isNull else { return nil }
        return value
    }

    private func mismatch(_ path: [String], _ expected: String, _ found: JSON) -> ModelError {
        .configuration(
            path: configPath, key: path.joined(separator: "."), expected: expected,
            found: String(decoding: found.encoded().prefix(60), as: UTF8.self))
    }

    func unusable(_ key: String, expected: String, found: String) -> ModelError {
        .configuration(path: configPath, key: key, expected: expected, found: found)
    }

    /// What the tensors say, unless the configuration says otherwise: then the two contradict each other.
    func agree<Value: Equatable & Sendable>(
        _ configured: Value?, key: String, tensor: String, found: Value
    ) throws(ModelError) -> Value {
        if let configured, configured != found {
            throw .contradiction(
                path: configPath, key: key, configured: "\(configured)", tensor: names.full(tensor), found: "\(found)")
        }
        return found
    }
}
