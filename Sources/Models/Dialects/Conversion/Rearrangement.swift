import Checkpoints

/// Takes the tensors of one layout, role by role, and gives them the names and forms of another family.
struct Rearrangement {
    private let sources: [String: TensorSource]
    private(set) var taken: Set<String> = []
    private(set) var tensors: [TensorSource] = []

    /// - Parameter sources: the source's tensors, narrowed or not.
    init(_ sources: [TensorSource]) {
        self.sources = Dictionary(sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What nothing was made of.
    var left: [String] { sources.keys.filter { !taken.contains($0) }.sorted() }

    mutating func add(_ tensor: TensorSource) { tensors.append(tensor) }

    private mutating func take(_ reference: TensorReference) throws -> TensorSource {
        guard let source = sources[reference.name] else {
            throw CheckpointError.missingTensor(path: "", tensor: reference.name)
        }
        taken.insert(reference.name)
        return source
    }

    /// Takes a tensor of that name if there is one, whatever its role.
    mutating func takeIfPresent(_ name: String) -> TensorSource? {
        guard let source = sources[name] else { return nil }
        taken.insert(name)
        return source
    }

    // MARK: Parts

    /// - Parameter axes: how many axes it has in the new form, those in front of size 1.
    mutating func copy(_ reference: TensorReference?, to name: String?, axes: Int? = nil) throws {
        guard let reference, let name else { return }
        let source = try take(reference)
        let shape = reference.shape
        let ones = Array(repeating: 1, count: max(0, (axes ?? shape.count) - shape.count))
        add(source.renamed(name, shape: reference.allowsLeadingOnes ? ones + shape : nil))
    }

    mutating func copy(_ layer: LayerReference?, to names: LayerNames?) throws {
        guard let layer, let names else { return }
        try copy(layer.weight, to: names.weight)
        try copy(layer.bias, to: names.bias)
    }

    /// Whether rows of a table are all zero.
    mutating func isZero(_ reference: TensorReference, rows: Range<Int>) throws -> Bool {
        try take(reference).renamed(reference.name, shape: reference.shape).rows(rows).isZero()
    }

    /// Positions for the first `count` tokens: those that have none in the source get zeros, which change nothing.
    ///
    /// - Returns: nil where the source has other positions than zero for tokens beyond.
    mutating func positions(
        _ reference: TensorReference, of prefix: Int, for count: Int, to name: String, hasBatchAxis: Bool
    ) throws -> Bool {
        let (rows, width) = (reference.shape[0], reference.shape[1])
        let table = try take(reference).renamed(name, shape: [rows, width])
        if prefix > count, try !table.rows(count..<prefix).isZero() { return false }
        var parts = [table.rows(0..<min(prefix, count))]
        if count > prefix { parts.append(.zeros(name: name, type: table.type, shape: [count - prefix, width])) }
        parts.append(table.rows(prefix..<rows))
        let result = TensorSource.stacked(parts, name: name)
        add(result.renamed(name, shape: hasBatchAxis ? [1] + result.shape : result.shape))
        return true
    }

    /// Layers side by side, into as many tensors as there are names.
    mutating func stack(_ stack: StackedReference, to names: StackedNames) throws {
        let weights = try stack.weights.map { try take($0) }
        try spread(weights, over: names.weights)
        guard stack.biases.contains(where: { $0 != nil }) else { return }
        let sizes = weights.map { $0.shape[0] }
        let biases = try zip(stack.biases, sizes).map { reference, size in
            try reference.map { try take($0) } ?? .zeros(name: names.biases[0], type: weights[0].type, shape: [size])
        }
        try spread(biases, over: names.biases)
    }

    /// All rows of some tensors, in equal shares.
    private mutating func spread(_ sources: [TensorSource], over names: [String]) throws {
        guard Set(sources.map(\.type)).count == 1 else {
            throw ConversionError.mixedTypes(tensors: sources.map(\.name))
        }
        let share = sources.reduce(0) { $0 + $1.shape[0] } / names.count
        for (index, name) in names.enumerated() {
            let wanted = (index * share)..<((index + 1) * share)
            var first = 0
            var parts: [TensorSource] = []
            for source in sources {
                let own = wanted.clamped(to: first..<(first + source.shape[0]))
                if !own.isEmpty { parts.append(source.rows((own.lowerBound - first)..<(own.upperBound - first))) }
                first += source.shape[0]
            }
            add(.stacked(parts.isEmpty ? [sources[0].rows(0..<0)] : parts, name: name))
        }
    }

    /// The projection to the shared space, as a layer or as the matrix that features are multiplied by.
    mutating func projection(_ reference: ProjectionReference?, to names: ProjectionNames?, prefix: String) throws {
        func full(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : prefix + name }
        guard let reference, let names else { return }
        let (tensor, isTransposed): (TensorReference, Bool) =
            switch reference {
            case .layer(let layer): (layer.weight, true)
            case .matrix(let matrix): (matrix, false)
            }
        let source = try take(tensor)
        switch names {
        case .layer(let layer): add((isTransposed ? source : source.transposed()).renamed(full(layer.weight)))
        case .matrix(let name): add((isTransposed ? source.transposed() : source).renamed(full(name)))
        }
    }
}
