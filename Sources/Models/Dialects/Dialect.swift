import Checkpoints

/// One family of checkpoints: where its tensors are, and how its configuration is read.
///
/// A dialect is chosen once, when a checkpoint is loaded. To add a family with known parts, write one such value and
/// name it in `Dialect.all`; docs/adding-a-family.md does that as an example.
package struct Dialect: Sendable {
    package let family: Family
    let table: TensorTable
    /// What may stand before the names: a bare encoder is saved without, a model with a head with its prefix.
    var prefixes = [""]
    /// Names of which a file has at least one, where the rest of the table fits another family too.
    var marks: [String] = []
    /// Finds the configuration of the model among the files beside the weights, and names its file.
    var configuration: @Sendable (Checkpoint) -> Configuration = { .standard($0) }
    /// Reads sizes and variants from the configuration, if any, and from the tensors.
    let architecture: @Sendable (Evidence) throws(ModelError) -> Architecture
    /// The tower of texts that may stand in the same checkpoint.
    var text: TextDialect?

    static let all: [Dialect] = [
        .evaCLIP, .timmEVA, .timmRotary, .officialDINOv2, .timmViT, .huggingFaceDeiT, .huggingFaceViT,
        .huggingFaceDINOv2, .huggingFaceDINOv3, .huggingFaceCLIP, .huggingFaceSigLIP, .openCLIP, .huggingFaceBERT,
    ]

    /// The families that amp knows.
    package static var families: [Family] { all.map(\.family) }

    /// A configuration and the file it is from.
    struct Configuration: Sendable {
        let json: JSON?
        let file: String

        /// `config.json`, all of it.
        static func standard(_ checkpoint: Checkpoint) -> Configuration {
            Configuration(json: checkpoint.config, file: Checkpoint.configName)
        }

        /// The part of `config.json` under a key, as models of several towers have it, or else all of it.
        static func part(_ key: String, of checkpoint: Checkpoint) -> Configuration {
            Configuration(json: checkpoint.config?[key] ?? checkpoint.config, file: Checkpoint.configName)
        }
    }

    /// The tensors that tell the family: those every model of it has, once for all blocks.
    private func typical(_ names: TensorNames) -> [String] {
        let part = names.inBlock(0)
        let embedding = [table.patchEmbedding?.weight, table.words, table.positions].compactMap { $0 }
        let block =
            [names.norm(part(table.attentionNorm)).weight, names.norm(part(table.mlpNorm)).weight]
            + part(names.attention).weights + part(names.mlp).input.weights + [part(names.mlp).output.weight]
        return (embedding + block).map(names.full)
    }

    /// How much of this family a file holds under each prefix, the best first.
    func resemblance(_ file: Weights) -> Resemblance? {
        prefixes.map { prefix in
            let names = TensorNames(table: table, prefix: prefix, file: file)
            let typical = typical(names)
            return Resemblance(
                dialect: self, prefix: prefix, typical: typical.count,
                missing: typical.filter { file.tensors[$0] == nil },
                hasMark: marks.isEmpty || marks.contains { names.has($0) },
                hasAttention: names.attention.weights.allSatisfy { names.has(names.inBlock(0)($0)) })
        }.min { $0.missing.count < $1.missing.count }
    }

    /// What a file has of one family.
    struct Resemblance {
        let dialect: Dialect
        let prefix: String
        let typical: Int
        let missing: [String]
        let hasMark: Bool
        let hasAttention: Bool

        /// Most of it: a file that lacks one tensor is still of this family, and the message then names what is missing.
        var isSure: Bool { hasMark && hasAttention && missing.count <= 1 }
    }

    /// The family whose typical tensors a file holds.
    static func recognise(_ file: Weights) throws(ModelError) -> (dialect: Dialect, prefix: String) {
        let found = all.compactMap { $0.resemblance(file) }
        // Among those that fit, the first that lacks least.
        let sure = found.filter(\.isSure)
        if let best = sure.first(where: { $0.missing.isEmpty }) ?? sure.first { return (best.dialect, best.prefix) }
        // A family whose mark is not there is near only where no other shares a name.
        let similar = found.filter { $0.missing.count < $0.typical }
        let marked = similar.filter(\.hasMark)
        let nearest = (marked.isEmpty ? similar : marked)
            .min { $0.missing.count * $1.typical < $1.missing.count * $0.typical }
        throw .unknownFamily(
            path: file.path, patterns: NamePattern.summary(of: file),
            nearest: nearest.map { NearestFamily(family: $0.dialect.family, missing: $0.missing) })
    }
}

/// The family that an unknown checkpoint resembles most.
package struct NearestFamily: Sendable, Hashable {
    package let family: Family
    /// What it lacks of that family's typical tensors.
    package let missing: [String]
}

/// Tensors of an unknown checkpoint whose names differ in block numbers only.
package struct NamePattern: Sendable, Hashable {
    /// A name with `#` for numbers.
    package let name: String
    package let count: Int
    /// The shape of the first of them.
    package let shape: [Int]

    package init(name: String, count: Int, shape: [Int]) {
        self.name = name
        self.count = count
        self.shape = shape
    }

    /// All patterns of a file, in the order of the first tensor of each.
    static func summary(of file: Weights) -> [NamePattern] {
        var order: [String] = []
        var members: [String: (count: Int, shape: [Int])] = [:]
        for name in file.names {
            let generic = TensorNames.generic(name)
            if members[generic] == nil { order.append(generic) }
            members[generic, default: (0, file.tensors[name]?.shape ?? [])].count += 1
        }
        return order.map {
            NamePattern(name: $0, count: members[$0]?.count ?? 0, shape: members[$0]?.shape ?? [])
        }
    }
}

/// Where CLIP-like checkpoints keep their second tower, and how its configuration is read.
struct TextDialect: Sendable {
    let table: TensorTable
    var prefixes = [""]
    var configuration: @Sendable (Checkpoint) -> Dialect.Configuration
    let architecture: @Sendable (Evidence) throws(ModelError) -> Architecture

    /// The tower, or nil where the checkpoint has none or one that amp can't run; its tensors are then carried along.
    func tower(in checkpoint: Checkpoint, family: Family) -> Model.TextTower? {
        for prefix in prefixes {
            let evidence = Evidence(
                family: family, checkpoint: checkpoint, table: table, configuration: configuration(checkpoint),
                prefix: prefix,
                given: Given(), prunedWidths: nil)
            guard let words = table.words, evidence.names.has(words) else { continue }
            guard let architecture = try? architecture(evidence), architecture.depth > 0 else { return nil }
            let layout = TensorLayout(names: evidence.names, architecture: architecture, pool: nil)
            guard (try? layout.check(against: checkpoint.weights)) != nil else { return nil }
            return Model.TextTower(architecture: architecture, layout: layout)
        }
        return nil
    }
}
