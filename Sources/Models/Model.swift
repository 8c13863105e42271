import Checkpoints
import Foundation
import Tensor

/// A checkpoint that was recognised: its architecture is known and every tensor is there with the right shape.
///
/// No weight is read before it is needed. Weights that are not float32 are widened once and kept.
package final class Model: Sendable {
    package let checkpoint: Checkpoint
    package let architecture: Architecture
    package let layout: TensorLayout
    /// What no file said and amp therefore assumed, as sentences.
    package let assumptions: [Assumption]
    private let widened = Locked<[String: FloatView]>([:])

    /// Something that no file says.
    package enum Assumption: Sendable, Hashable, Codable {
        /// The number of heads, from the width.
        case heads(Int, width: Int)
        /// Family and sizes, from the tensors alone.
        case noConfiguration
    }

    /// - Parameters:
    ///   - path: a directory or a `.safetensors` file.
    ///   - heads: the number of attention heads where no configuration says it.
    package init(path: String, heads: Int? = nil) throws {
        checkpoint = try Checkpoint(path: path)
        let (dialect, prefix) = try Dialect.recognise(checkpoint.weights)
        let evidence = Evidence(
            checkpoint: checkpoint, table: dialect.table, prefix: prefix, givenHeads: heads,
            prunedWidths: checkpoint.pruningRecord?["widths"]?.array?.compactMap(\.int))
        architecture = try dialect.architecture(evidence)
        guard architecture.depth > 0 else {
            throw ModelError.missingTensor(
                path: checkpoint.weights.path, tensor: prefix + dialect.table.block.replacing("#", with: "0"),
                expected: [], similar: nil)
        }
        layout = TensorLayout(table: dialect.table, architecture: architecture, prefix: prefix)
        try layout.check(against: checkpoint.weights)
        var assumptions: [Assumption] = []
        if checkpoint.config == nil { assumptions.append(.noConfiguration) }
        if heads == nil, checkpoint.pruningRecord?["heads"] == nil,
            checkpoint.config?.object.map({ !Self.saysHeads($0) }) ?? true
        {
            assumptions.append(.heads(architecture.heads, width: architecture.width))
        }
        self.assumptions = assumptions
    }

    private static func saysHeads(_ config: [String: JSON]) -> Bool {
        config["num_attention_heads"] != nil || config["model_args"]?["num_heads"] != nil
    }

    /// The name of block `index` (from 0) in the checkpoint, such as `blocks.11`.
    package func key(ofBlock index: Int) -> String { layout.blocks[index].key }

    /// The hidden widths through a view.
    package func widths(keeping kept: KeptNeurons) -> [Int] { kept.widths(of: architecture.hiddenWidths) }

    /// The architecture through a view.
    package func architecture(keeping kept: KeptNeurons) -> Architecture {
        var result = architecture
        result.hiddenWidths = widths(keeping: kept)
        return result
    }

    /// What the model costs through a view, for images of that size.
    package func cost(keeping kept: KeptNeurons, image: Extent) -> Cost {
        let pruned = architecture(keeping: kept)
        func mlps(_ a: Architecture) -> Int { a.hiddenWidths.reduce(0) { $0 + a.mlpParameters(hidden: $1) } }
        let total = checkpoint.weights.tensors.values.reduce(0) { $0 + ($1.type.isComputable ? $1.count : 0) }
        return Cost(
            parameters: total - mlps(architecture) + mlps(pruned), mlpParameters: mlps(pruned),
            flops: pruned.flops(image: image))
    }

    /// The transformer seen through a view, ready to compute.
    package func transformer(keeping kept: KeptNeurons) throws -> Transformer {
        let a = architecture
        let blocks = try layout.blocks.enumerated().map { index, layout in
            let whole = BlockWeights(
                attentionNorm: try norm(layout.attentionNorm),
                qkv: QKVProjection(layers: try layout.attention.map(linear), width: a.width),
                attentionOutput: try linear(layout.attentionOutput),
                attentionScale: try layout.attentionScale.map(view),
                mlpNorm: try norm(layout.mlpNorm),
                mlpInput: try linear(layout.mlpInput),
                mlpOutput: try linear(layout.mlpOutput),
                mlpScale: try layout.mlpScale.map(view))
            return kept[index].map(whole.keeping) ?? whole
        }
        return Transformer(
            architecture: architecture(keeping: kept),
            embedding: EmbeddingWeights(
                classToken: try layout.classToken.map(view),
                registers: try layout.registers.map(view),
                positions: PositionTable(weights: try view(layout.positions), positions: a.positions, width: a.width),
                patches: try linear(layout.patchEmbedding),
                norm: try layout.embeddingNorm.map(norm)),
            blocks: blocks,
            finalNorm: try norm(layout.finalNorm),
            head: try layout.head.map(linear))
    }

    private func linear(_ layer: LayerReference) throws -> Linear {
        Linear(weight: try view(layer.weight), bias: try layer.bias.map(view))
    }

    private func norm(_ layer: LayerReference) throws -> Norm {
        Norm(weight: try view(layer.weight), bias: try layer.bias.map(view), epsilon: architecture.normEpsilon)
    }

    /// The float32 values of a tensor, checked once to be numbers.
    private func view(_ tensor: TensorReference) throws -> FloatView {
        if let known = widened.withLock({ $0[tensor.name] }) { return known }
        let view = try checkpoint.weights.view(tensor.name)
        if let index = view.firstNonFinite {
            throw ModelError.nonFiniteWeight(
                path: checkpoint.weights.path, tensor: tensor.name, index: index, value: view.base[index])
        }
        widened.withLock { $0[tensor.name] = view }
        return view
    }
}
