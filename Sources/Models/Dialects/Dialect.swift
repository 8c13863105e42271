import Checkpoints

/// One family of checkpoints: where its tensors are, and how its configuration is read.
///
/// A dialect is chosen once, when a checkpoint is loaded. To add a family with known parts, write one such value and
/// name it in `Dialect.all`.
package struct Dialect: Sendable {
    let family: Family
    let table: TensorTable
    /// What may stand before the names: a bare encoder is saved without, a model with a head with its prefix.
    var prefixes = [""]
    /// Reads sizes and variants from the configuration, if any, and from the tensors.
    let architecture: @Sendable (Evidence) throws(ModelError) -> Architecture

    static let all: [Dialect] = [.timmViT, .huggingFaceViT, .huggingFaceDINOv2]

    /// The prefix under which a file has this family's typical tensors, or nil where it is of another family.
    func prefix(in file: Weights) -> String? {
        let block = table.block.replacing("#", with: "0") + "."
        let attention =
            switch table.attention {
            case .packed(let name), .separate(let name, _, _): name
            }
        let typical = [
            table.patchEmbedding + ".weight", table.positions, block + table.attentionNorm + ".weight",
            block + attention + ".weight", block + table.mlpInput + ".weight",
        ]
        // Most of them: a file that lacks one is still of this family, and the message then names what is missing.
        return prefixes.first { prefix in
            typical.count { file.tensors[prefix + $0] != nil } >= typical.count - 1
                && file.tensors[prefix + block + attention + ".weight"] != nil
        }
    }

    /// The family whose typical tensors a file holds.
    static func recognise(_ file: Weights) throws(ModelError) -> (dialect: Dialect, prefix: String) {
        for dialect in all {
            if let prefix = dialect.prefix(in: file) { return (dialect, prefix) }
        }
        throw .unknownFamily(
            path: file.path, tensors: file.names.count,
            examples: file.names.prefix(4).map { "\($0) \(file.tensors[$0]?.shape ?? [])" })
    }
}
