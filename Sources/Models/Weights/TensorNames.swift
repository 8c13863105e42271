import Checkpoints

/// A family's table as one file uses it: with the file's prefix, and of each set of alternatives the one that is there.
struct TensorNames: Sendable {
    let table: TensorTable
    let prefix: String
    let attention: StackedNames
    let mlp: MLPNames
    let head: LayerNames?
    private let present: Set<String>
    /// Blocks' own names where a file groups them: `blocks.2.11` for block 11 of the third group.
    private let grouped: [Int: String]

    init(table: TensorTable, prefix: String, file: Weights) {
        self.init(table: table, prefix: prefix, names: file.names)
    }

    /// - Parameter names: all that a file holds, or will hold.
    init(table: TensorTable, prefix: String, names: [String]) {
        self.table = table
        self.prefix = prefix
        var present: Set<String> = []
        let groups = prefix + table.block + ".#."
        var grouped: [Int: String] = [:]
        for name in names {
            var generic = Self.generic(name)
            if generic.hasPrefix(groups) {
                let parts = name.dropFirst(prefix.count).split(separator: ".")
                let size = table.block.split(separator: ".").count
                if let index = Int(parts[size]) { grouped[index] = parts[...size].joined(separator: ".") }
                generic = prefix + table.block + "." + generic.dropFirst(groups.count)
            }
            present.insert(generic)
        }
        self.present = present
        self.grouped = grouped
        let block = table.block + "."
        func has(_ name: String) -> Bool { present.contains(Self.generic(prefix + block + name)) }
        // Where no alternative is there whole, the one of which least is missing.
        func missing(_ names: [String]) -> Int { names.count { !has($0) } }
        attention = table.attention.min { missing($0.weights) < missing($1.weights) } ?? table.attention[0]
        head = table.head.first {
            present.contains(
                Self.generic($0.weight.hasPrefix("/") ? String($0.weight.dropFirst()) : prefix + $0.weight))
        }
        mlp =
            table.mlp.min { a, b in
                missing(a.input.weights + [a.output.weight]) < missing(b.input.weights + [b.output.weight])
            } ?? table.mlp[0]
    }

    /// A name as it stands in the file: with the prefix, unless it begins with `/`.
    func full(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : prefix + name }

    /// Whether the file has a tensor of that name; of a block's tensor, whether any block has it.
    func has(_ name: String) -> Bool {
        var name = name
        // A part of a grouped block is known under the ungrouped name.
        if !grouped.isEmpty, let block = grouped.values.first(where: { name.hasPrefix($0 + ".") }) {
            name = table.block + name.dropFirst(block.count)
        }
        return present.contains(Self.generic(full(name)))
    }

    func block(_ index: Int) -> String { grouped[index] ?? table.block.replacing("#", with: String(index)) }

    /// Completes the names of a block's parts.
    func inBlock(_ index: Int) -> PartNames { PartNames(block: block(index) + ".") }

    /// A name with all whole numbers between dots replaced, so that one of any block stands for all.
    static func generic(_ name: String) -> String {
        name.split(separator: ".", omittingEmptySubsequences: false)
            .map { !$0.isEmpty && $0.allSatisfy(\.isNumber) ? "#" : $0 }.joined(separator: ".")
    }

    /// A norm's names: some old files call its weight and bias gamma and beta.
    func norm(_ names: LayerNames) -> LayerNames {
        let old = LayerNames(
            weight: names.weight.replacingSuffix("weight", with: "gamma"),
            bias: names.bias.replacingSuffix("bias", with: "beta"))
        return !has(names.weight) && has(old.weight) ? old : names
    }

    /// Whether a tensor of the file is one that the table says to carry along.
    func carries(_ name: String) -> Bool { matches(name, table.carried + table.constants) }

    /// Whether a tensor that is carried along is a parameter of the tower itself.
    func carriesInside(_ name: String) -> Bool { matches(name, table.carried.filter { !$0.hasPrefix("/") }) }

    private func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { pattern in
            let pattern = full(pattern)
            let name = pattern.contains("#") ? Self.generic(name) : name
            return pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
        }
    }
}

/// Names of a block's parts, completed by the block's own.
struct PartNames {
    let block: String

    func callAsFunction(_ name: String) -> String { block + name }
    func callAsFunction(_ layer: LayerNames) -> LayerNames {
        LayerNames(weight: block + layer.weight, bias: block + layer.bias)
    }
    func callAsFunction(_ stack: StackedNames) -> StackedNames {
        StackedNames(weights: stack.weights.map { block + $0 }, biases: stack.biases.map { block + $0 })
    }
    func callAsFunction(_ mlp: MLPNames) -> MLPNames {
        MLPNames(
            input: self(mlp.input), hiddenNorm: mlp.hiddenNorm.map { self($0) }, output: self(mlp.output))
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }
}
