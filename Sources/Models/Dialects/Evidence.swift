import Checkpoints

/// What a dialect reads an architecture from: the configuration where there is one, and the tensors' shapes.
struct Evidence: Sendable {
    let checkpoint: Checkpoint
    let table: TensorTable
    let prefix: String
    /// The number of heads as the user gave it, which nothing overrides.
    let givenHeads: Int?
    /// Hidden widths that `amp.json` announces for a pruned model.
    let prunedWidths: [Int]?

    var file: Weights { checkpoint.weights }
    var config: JSON? { checkpoint.config }
    private var configPath: String { checkpoint.directory + "/" + Checkpoint.configName }

    // MARK: Tensors

    func has(_ name: String) -> Bool { file.tensors[prefix + name] != nil }

    /// The shape of a tensor that must be there with that many axes.
    func shape(_ name: String, axes: Int) throws(ModelError) -> [Int] {
        guard let info = file.tensors[prefix + name] else {
            throw .missingTensor(
                path: file.path, tensor: prefix + name, expected: Array(repeating: -1, count: axes), similar: nil)
        }
        guard info.shape.count == axes, info.shape.allSatisfy({ $0 > 0 }) else {
            throw .misshapenTensor(
                path: file.path, tensor: prefix + name, expected: Array(repeating: -1, count: axes), found: info.shape)
        }
        return info.shape
    }

    /// The number of consecutive blocks that the file has tensors of.
    var depth: Int {
        var depth = 0
        while has(blockTensor(depth, table.attentionNorm + ".weight"))
            || has(blockTensor(depth, table.mlpInput + ".weight"))
        {
            depth += 1
        }
        return depth
    }

    func blockTensor(_ index: Int, _ name: String) -> String {
        table.block.replacing("#", with: String(index)) + "." + name
    }

    /// (width, channels, patch height, patch width) of the patch embedding.
    func patchEmbedding() throws(ModelError) -> [Int] { try shape(table.patchEmbedding + ".weight", axes: 4) }

    // MARK: Configuration

    /// A whole number of the configuration; nil where it is not given.
    func integer(_ path: String...) throws(ModelError) -> Int? {
        guard let value = value(path) else { return nil }
        guard let int = value.int, int >= 0, int <= 1 << 30 else {
            throw mismatch(path, "a whole number", value)
        }
        return int
    }

    func number(_ path: String...) throws(ModelError) -> Double? {
        guard let value = value(path) else { return nil }
        guard let double = value.double, double.isFinite else { throw mismatch(path, "a number", value) }
        return double
    }

    /// A width times a ratio of the configuration, rounded down as the libraries do; nil where it is not given.
    func product(of width: Int, and path: String...) throws(ModelError) -> Int? {
        guard let value = value(path) else { return nil }
        guard let ratio = value.double, ratio >= 0, let product = Int(exactly: (Double(width) * ratio).rounded(.down))
        else { throw mismatch(path, "a ratio", value) }
        return product
    }

    func boolean(_ path: String...) throws(ModelError) -> Bool? {
        guard let value = value(path) else { return nil }
        guard let bool = value.bool else { throw mismatch(path, "true or false", value) }
        return bool
    }

    func string(_ path: String...) throws(ModelError) -> String? {
        guard let value = value(path) else { return nil }
        guard let string = value.string else { throw mismatch(path, "a string", value) }
        return string
    }

    /// A size given as one number or as height and width.
    func extent(_ path: String...) throws(ModelError) -> Extent? {
        guard let value = value(path) else { return nil }
        if let side = value.int, side > 0, side <= 1 << 20 { return Extent(square: side) }
        if let sides = value.array?.compactMap(\.int), sides.count == 2, sides.allSatisfy({ $0 > 0 && $0 <= 1 << 20 }) {
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
                path: configPath, key: key, configured: "\(configured)", tensor: prefix + tensor, found: "\(found)")
        }
        return found
    }

    // MARK: What several families share

    /// The number of heads: as given, as configured, or the usual one for the width.
    func heads(configured: Int?, key: String, width: Int) throws(ModelError) -> Int {
        if let givenHeads {
            if let configured, configured != givenHeads {
                throw .headsContradict(path: configPath, configured: configured, given: givenHeads)
            }
            guard width % givenHeads == 0 else { throw .headsDoNotDivide(heads: givenHeads, width: width) }
        }
        // What amp saved without a configuration carries the number in its own record.
        let recorded = checkpoint.pruningRecord?["heads"]?.int
        let heads = givenHeads ?? configured ?? recorded ?? usualHeads(width)
        guard let heads else { throw .unknownHeads(path: file.path, width: width) }
        guard heads > 0, width % heads == 0 else {
            throw unusable(key, expected: "a divisor of the width \(width)", found: "\(heads)")
        }
        return heads
    }

    /// Heads are 64 wide nearly everywhere; the largest models of 2021 and 2022 have 16 whatever their width.
    private func usualHeads(_ width: Int) -> Int? {
        if [1280, 1408, 1664].contains(width) { return 16 }
        return width % 64 == 0 ? width / 64 : nil
    }

    /// The hidden width of every block: of the pruning record, of the configuration, or of the tensors.
    func hiddenWidths(depth: Int, configured: Int?, key: String) throws(ModelError) -> [Int] {
        if let prunedWidths {
            guard prunedWidths.count == depth else {
                throw .contradiction(
                    path: checkpoint.directory + "/" + Checkpoint.pruningRecordName, key: "widths",
                    configured: "\(prunedWidths.count) layers", tensor: prefix + table.block, found: "\(depth) layers")
            }
            return prunedWidths
        }
        var widths: [Int] = []
        for index in 0..<depth {
            let name = blockTensor(index, table.mlpInput + ".weight")
            guard let info = file.tensors[prefix + name] else {
                throw .missingTensor(
                    path: file.path, tensor: prefix + name, expected: [configured ?? -1, -1], similar: nil)
            }
            guard info.shape.count == 2 else {
                throw .misshapenTensor(
                    path: file.path, tensor: prefix + name, expected: [configured ?? -1, -1], found: info.shape)
            }
            widths.append(try agree(configured, key: key, tensor: name, found: info.shape[0]))
        }
        return widths
    }

    /// The patch grid of the position embeddings, and how many rows stand before the patches'.
    ///
    /// - Parameters:
    ///   - image: the image size the checkpoint was made for, where the configuration says it; otherwise the grid must
    ///     be square.
    ///   - prefixes: the numbers of leading rows that the family can have, the likeliest first.
    func positionGrid(
        image: Extent?, patch: Extent, key: String, prefixes: [Int]
    ) throws(ModelError) -> (grid: Extent, prefix: Int) {
        let rows = try shape(table.positions, axes: 3)[1]
        for prefix in prefixes {
            if let image {
                let grid = Extent(height: image.height / patch.height, width: image.width / patch.width)
                if grid.area > 0, grid.area == rows - prefix { return (grid, prefix) }
            } else {
                let side = Int(Double(max(0, rows - prefix)).squareRoot().rounded())
                if side > 0, side * side == rows - prefix { return (Extent(square: side), prefix) }
            }
        }
        throw .contradiction(
            path: configPath, key: key, configured: image.map { "\($0.height)×\($0.width)" } ?? "nothing",
            tensor: prefix + table.positions, found: "\(rows) position embeddings")
    }
}
