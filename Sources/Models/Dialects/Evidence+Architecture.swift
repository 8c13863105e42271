import Checkpoints
import Tensor

/// Under which keys a family's configuration says what.
struct ConfigurationKeys: Sendable {
    var width: [String]?
    var channels: [String]?
    var patch: [String]?
    var image: [String]?
    var depth: [String]?
    var heads: [String]?
    var epsilon: [String]?
    var activation: [String]?

    /// What Hugging Face's encoders of images share.
    static let huggingFace = ConfigurationKeys(
        width: ["hidden_size"], channels: ["num_channels"], patch: ["patch_size"], image: ["image_size"],
        depth: ["num_hidden_layers"], heads: ["num_attention_heads"], epsilon: ["layer_norm_eps"],
        activation: ["hidden_act"])
}

/// What a library takes where its configuration says nothing.
struct LibraryDefaults: Sendable {
    var epsilon: Double
    var activation = Activation.gelu
    /// The number of heads of a configuration that doesn't say it; the usual one for the width where nil.
    var heads: Int?
    var resampling = Positions.Resampling.bicubic
}

extension Evidence {
    /// The architecture of an encoder of images, as far as configuration keys and tensors tell it: sizes, tokens,
    /// positions, gates, norms inside the branches. A dialect changes what is particular.
    ///
    /// - Parameters:
    ///   - hidden: the hidden width that the configuration announces, and its key.
    ///   - image: the image size where it is not under its key.
    func imageArchitecture(
        keys: ConfigurationKeys, defaults: LibraryDefaults,
        hidden: (width: Int?, key: String) = (nil, ""), image fallback: Extent? = nil
    ) throws(ModelError) -> Architecture {
        guard let projection = table.patchEmbedding?.weight else {
            throw .unsupportedVariant(family: family, what: "no patch embedding")
        }
        let patch = try shape(projection, axes: 4)
        let width = try agree(
            optional(keys.width, integerValue), key: name(keys.width), tensor: projection, found: patch[0])
        let channels = try agree(
            optional(keys.channels, integerValue), key: name(keys.channels), tensor: projection, found: patch[1])
        let size = try agree(
            optional(keys.patch, extentValue), key: name(keys.patch), tensor: projection,
            found: Extent(height: patch[2], width: patch[3]))
        var image = ImageEmbedding(
            channels: channels, patch: size, size: size, hasClassToken: has(table.classToken),
            hasDistillationToken: has(table.distillationToken), registers: try count(of: table.registers))
        let configured = try optional(keys.image, extentValue)
        try place(&image, configured: configured ?? fallback, key: name(keys.image), resampling: defaults.resampling)
        return try architecture(
            width: width, embedding: .image(image), keys: keys, defaults: defaults, hidden: hidden)
    }

    /// The same of an encoder of texts.
    func textArchitecture(
        keys: ConfigurationKeys, defaults: LibraryDefaults,
        hidden: (width: Int?, key: String) = (nil, "")
    ) throws(ModelError) -> Architecture {
        guard let words = table.words, let positions = table.positions else {
            throw .unsupportedVariant(family: family, what: "no word embedding")
        }
        let vocabulary = try shape(words, axes: 2)
        let width = try agree(
            optional(keys.width, integerValue), key: name(keys.width), tensor: words, found: vocabulary[1])
        let text = TextEmbedding(
            vocabulary: vocabulary[0], length: try shape(positions, axes: 2)[0],
            segments: try count(of: table.segments))
        return try architecture(
            width: width, embedding: .text(text), keys: keys, defaults: defaults, hidden: hidden)
    }

    private func architecture(
        width: Int, embedding: Embedding, keys: ConfigurationKeys, defaults: LibraryDefaults,
        hidden: (width: Int?, key: String)
    ) throws(ModelError) -> Architecture {
        let depth = try agree(
            optional(keys.depth, integerValue), key: name(keys.depth), tensor: table.block.replacing(".#", with: ""),
            found: depth)
        var architecture = Architecture(
            family: family, width: width,
            heads: try heads(
                configured: optional(keys.heads, integerValue), key: name(keys.heads), width: width,
                usual: defaults.heads),
            hiddenWidths: try hiddenWidths(depth: depth, configured: hidden.width, key: hidden.key),
            embedding: embedding,
            activation: try activation(
                named: optional(keys.activation, stringValue), key: name(keys.activation), usual: defaults.activation),
            normEpsilon: Float(try optional(keys.epsilon, numberValue) ?? defaults.epsilon),
            readout: .classToken)
        architecture.isGated = isGated
        architecture.normalisesQueriesAndKeys = has(table.queryNorm.map { names.inBlock(0)($0).weight })
        return architecture
    }

    private func optional<Value>(
        _ path: [String]?, _ read: ([String]) throws(ModelError) -> Value?
    ) throws(ModelError) -> Value? {
        guard let path else { return nil }
        return try read(path)
    }

    private func integerValue(_ path: [String]) throws(ModelError) -> Int? { try integer(at: path) }
    private func numberValue(_ path: [String]) throws(ModelError) -> Double? { try number(at: path) }
    private func stringValue(_ path: [String]) throws(ModelError) -> String? { try string(at: path) }
    private func extentValue(_ path: [String]) throws(ModelError) -> Extent? { try extent(at: path) }
    private func name(_ path: [String]?) -> String { path?.joined(separator: ".") ?? "" }

    // MARK: Parts

    /// The number of heads: as given, as configured, or the usual one for the width.
    func heads(configured: Int?, key: String, width: Int, usual: Int? = nil) throws(ModelError) -> Int {
        if let heads = given.heads {
            if let configured, configured != heads {
                throw .headsContradict(path: configPath, configured: configured, given: heads)
            }
            guard heads > 0, width % heads == 0 else { throw .headsDoNotDivide(heads: heads, width: width) }
        }
        // What amp saved without a configuration carries the number in its own record.
        let recorded = checkpoint.pruningRecord?["heads"]?.int
        let said = given.heads ?? configured ?? recorded ?? headsOfTensors(width) ?? (config == nil ? nil : usual)
        guard let heads = said ?? usualHeads(width) else { throw .unknownHeads(path: file.path, width: width) }
        if said == nil { note(.heads(heads, width: width)) }
        guard heads > 0, width % heads == 0 else {
            throw unusable(key, expected: "a divisor of the width \(width)", found: "\(heads)")
        }
        return heads
    }

    /// Norms of a head's queries, and rotary tables, have the width of a head.
    func headsOfTensors(_ width: Int) -> Int? {
        let name = table.queryNorm.map { names.full(names.inBlock(0)($0).weight) }
        let norm = name.flatMap { file.tensors[$0]?.shape.last }
        let rotary = table.rotaryCosines.flatMap { file.tensors[names.full($0)]?.shape.last }
        guard let headWidth = norm ?? rotary, headWidth > 0, width % headWidth == 0 else { return nil }
        return width / headWidth
    }

    /// Heads are 64 wide nearly everywhere; the largest models of 2021 and 2022 have 16 whatever their width.
    func usualHeads(_ width: Int) -> Int? {
        if [1280, 1408, 1664].contains(width) { return 16 }
        return width % 64 == 0 ? width / 64 : nil
    }

    /// The hidden width of every block, from the input layer's rows, of which a packed gate has two a neuron; it agrees
    /// with the configuration, unless there is a pruning record, whose widths the tensors then have to have.
    func hiddenWidths(depth: Int, configured: Int?, key: String) throws(ModelError) -> [Int] {
        if let prunedWidths {
            guard prunedWidths.count == depth else {
                throw .contradiction(
                    path: checkpoint.directory + "/" + Checkpoint.pruningRecordName, key: "widths",
                    configured: "\(prunedWidths.count) layers", tensor: names.full(table.block),
                    found: "\(depth) layers")
            }
            return prunedWidths
        }
        let rowsPerNeuron = isGated && names.mlp.input.weights.count == 1 ? 2 : 1
        var widths: [Int] = []
        for index in 0..<depth {
            let name = names.inBlock(index)(names.mlp).input.weights[0]
            let full = names.full(name)
            let expected = [configured.map { $0 * rowsPerNeuron } ?? -1, -1]
            guard let info = file.tensors[full] else {
                throw .missingTensor(path: file.path, tensor: full, expected: expected, similar: nil)
            }
            guard info.shape.count == 2 else {
                throw .misshapenTensor(path: file.path, tensor: full, expected: expected, found: info.shape)
            }
            widths.append(
                try agree(configured, key: key, tensor: name, found: info.shape[0] / rowsPerNeuron))
        }
        return widths
    }

    /// A gate has a matrix of its own, or the input layer has twice as many rows as the output has columns.
    var isGated: Bool {
        guard names.mlp.input.weights.count == 1 else { return true }
        for index in 0..<depth {
            let mlp = names.inBlock(index)(names.mlp)
            guard let input = file.tensors[names.full(mlp.input.weights[0])]?.shape.first,
                let output = file.tensors[names.full(mlp.output.weight)]?.shape.last
            else { return false }
            // A block that was narrowed to nothing doesn't show it.
            if output > 0 { return input == 2 * output }
        }
        return false
    }

    func activation(named name: String?, key: String, usual: Activation) throws(ModelError) -> Activation {
        if let activation = given.activation { return activation }
        guard let name else {
            if let recorded = checkpoint.pruningRecord?["activation"]?.string.flatMap({ Activation(rawValue: $0) }) {
                return recorded
            }
            if config == nil { note(.activation(usual)) }
            return usual
        }
        guard let activation = Activation(libraryName: name) else {
            throw unusable(key, expected: Activation.libraryNames, found: name)
        }
        return activation
    }

    /// Finds the patch grid of the position embeddings, how many rows stand before the patches', and the image size.
    private func place(
        _ image: inout ImageEmbedding, configured: Extent?, key: String, resampling: Positions.Resampling
    ) throws(ModelError) {
        guard let positions = table.positions else {
            image.size = configured ?? Extent(height: 14 * image.patch.height, width: 14 * image.patch.width)
            return
        }
        let rows = try shape(positions, axes: 2)[0]
        let leading = (image.hasClassToken ? 1 : 0) + (image.hasDistillationToken ? 1 : 0)
        var prefixes = [image.prefixTokens, leading, 0]
        prefixes = prefixes.enumerated().filter { !prefixes[..<$0].contains($1) }.map(\.1)
        let grid = given.grid ?? configured.map { image.grid(of: $0) } ?? recordedGrid
        for prefix in prefixes {
            if let grid {
                guard grid.area > 0, grid.area == rows - prefix else { continue }
                image.positions = Positions(grid: grid, prefix: prefix, resampling: resampling)
            } else {
                let side = Int(Double(max(0, rows - prefix)).squareRoot().rounded())
                guard side > 0, side * side == rows - prefix else { continue }
                image.positions = Positions(grid: Extent(square: side), prefix: prefix, resampling: resampling)
            }
            let found = image.positions?.grid ?? Extent(square: 0)
            if grid == nil { note(.grid(found, positions: rows)) }
            let own = Extent(height: found.height * image.patch.height, width: found.width * image.patch.width)
            image.size = given.grid == nil ? configured ?? own : own
            return
        }
        if let grid = given.grid {
            throw .gridDoesNotFit(path: file.path, grid: grid, tensor: names.full(positions), rows: rows)
        }
        throw .contradiction(
            path: configPath, key: key, configured: configured.map { "\($0.height)×\($0.width)" } ?? "nothing",
            tensor: names.full(positions), found: "\(rows) position embeddings")
    }

    /// What amp saved without a configuration carries the grid in its own record.
    private var recordedGrid: Extent? {
        guard let sides = checkpoint.pruningRecord?["grid"]?.array?.compactMap(\.int), sides.count == 2,
            sides.allSatisfy({ $0 > 0 && $0 <= 1 << 14 })
        else { return nil }
        return Extent(height: sides[0], width: sides[1])
    }

    /// What the pooling's MLP measures, where the file has such a pooling.
    func poolSizes() throws(ModelError) -> PoolSizes? {
        guard let pool = table.pool, names.has(pool.query) else { return nil }
        return PoolSizes(hidden: try shape(pool.mlp.output.weight, axes: 2)[1])
    }

    // MARK: Heads

    /// The classifier `classifier` of Hugging Face's models: classes from the tensor, names from `id2label`.
    func huggingFaceHead(input: Head.Input) throws(ModelError) -> Head? {
        guard let head = names.head else { return nil }
        let classes = try shape(head.weight, axes: 2)[0]
        let labels = checkpoint.config?["id2label"]?.object
        let listed = (0..<min(classes, labels?.count ?? 0)).compactMap { labels?[String($0)]?.string }
        // The library's own stand-ins say no more than the number does.
        let named = listed.count == classes && !listed.allSatisfy { $0.hasPrefix("LABEL_") }
        return Head(classes: classes, input: input, labels: named ? listed : nil)
    }
}

extension Activation {
    /// The activation that libraries call by that name.
    init?(libraryName: String) {
        switch libraryName {
        case "gelu", "gelu_python", "gelu_erf": self = .gelu
        case "gelu_new", "gelu_tanh", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate": self = .geluTanh
        case "quick_gelu", "quickgelu": self = .quickGELU
        case "relu": self = .relu
        case "silu", "swish": self = .silu
        default: return nil
        }
    }

    /// How sentences call it.
    package var word: String {
        switch self {
        case .gelu: "gelu"
        case .geluTanh: "gelu_tanh"
        case .quickGELU: "quick_gelu"
        case .relu: "relu"
        case .silu: "silu"
        }
    }

    package init?(word: String) { self.init(libraryName: word) }

    static let libraryNames = "gelu, gelu_tanh (gelu_new, gelu_pytorch_tanh), quick_gelu, relu or silu"
}
