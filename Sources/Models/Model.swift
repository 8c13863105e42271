import Checkpoints
import Foundation
import Tensor

/// A checkpoint that was recognised: its architecture is known and every tensor is there with the right shape.
///
/// No weight is read before it is needed. Weights that are not float32 are widened once and kept.
///
/// A model may be a revision of another: then some of its tensors have values that training or compensation gave them.
package final class Model: Sendable {
    package let checkpoint: Checkpoint
    /// Tensors that count instead of the checkpoint's: float32, of the same names and shapes.
    private let revision: Weights?
    package let architecture: Architecture
    package let layout: TensorLayout
    /// The tower of texts in the same checkpoint, where there is one that amp can run.
    package let text: TextTower?
    /// Values of the transformer's own tensors.
    package let parameters: Int
    /// Values of what else the checkpoint holds and carries along: another tower, logit scales, tables.
    package let parametersBeside: Int
    /// What no file said and amp therefore assumed.
    package let assumptions: [Assumption]
    private let widened = Locked<[String: FloatView]>([:])

    /// CLIP's second transformer, which takes texts to where the images are.
    package struct TextTower: Sendable {
        package let architecture: Architecture
        let layout: TensorLayout
    }

    /// - Parameters:
    ///   - path: a directory, a file of weights, or the index of several.
    ///   - given: what the user says about the model where no file does.
    package init(path: String, given: Given = Given()) throws {
        let checkpoint = try Checkpoint(path: path)
        self.checkpoint = checkpoint
        revision = nil
        let (dialect, prefix) = try Dialect.recognise(checkpoint.weights)
        let evidence = Evidence(
            family: dialect.family, checkpoint: checkpoint, table: dialect.table,
            configuration: dialect.configuration(checkpoint),
            prefix: prefix, given: given,
            prunedWidths: checkpoint.pruningRecord?["widths"]?.array?.compactMap(\.int))
        architecture = try dialect.architecture(evidence)
        guard architecture.depth > 0 else {
            throw ModelError.missingTensor(
                path: checkpoint.weights.path, tensor: evidence.names.full(evidence.names.block(0)), expected: [],
                similar: nil)
        }
        layout = TensorLayout(names: evidence.names, architecture: architecture, pool: try evidence.poolSizes())
        try layout.check(against: checkpoint.weights)
        text = dialect.text?.tower(in: checkpoint, family: dialect.family)
        let known = Set((layout.all + (text?.layout.all ?? [])).map(\.name))
        let left = checkpoint.weights.names.filter { !known.contains($0) && !evidence.names.carries($0) }
        guard left.isEmpty else {
            throw ModelError.leftoverTensors(
                path: checkpoint.weights.path,
                tensors: left.sorted().map { "\($0) \(checkpoint.weights.tensors[$0]?.shape ?? [])" })
        }
        let own = layout.parameters(evidence.names)
        let inside = checkpoint.weights.names.filter { own.contains($0) || evidence.names.carriesInside($0) }
        parameters = Self.count(inside, in: checkpoint.weights)
        parametersBeside = Self.count(checkpoint.weights.names, in: checkpoint.weights) - parameters
        assumptions = evidence.assumptions
    }

    /// The model with other values of some of its tensors.
    ///
    /// Throws `ModelError` where the revision holds a tensor that the model has not, or one of another shape or type.
    package init(revising model: Model, with revision: Weights) throws(ModelError) {
        for name in revision.names {
            guard let found = revision.tensors[name] else { continue }
            guard let own = model.checkpoint.weights.tensors[name] else {
                throw .leftoverTensors(path: revision.path, tensors: [name])
            }
            guard found.shape == own.shape else {
                throw .misshapenTensor(path: revision.path, tensor: name, expected: own.shape, found: found.shape)
            }
            guard found.type == .float32 else {
                throw .unsupportedType(path: revision.path, tensor: name, type: found.type.rawValue)
            }
        }
        checkpoint = model.checkpoint
        architecture = model.architecture
        layout = model.layout
        text = model.text
        parameters = model.parameters
        parametersBeside = model.parametersBeside
        assumptions = model.assumptions
        self.revision = revision
    }

    // MARK: Tensors

    /// Type and shape of a tensor as the model has it.
    func info(of tensor: String) -> TensorInfo? { weights(of: tensor).tensors[tensor] }

    /// The file that a tensor's values come from.
    func weights(of tensor: String) -> Weights {
        revision.flatMap { $0.tensors[tensor] == nil ? nil : $0 } ?? checkpoint.weights
    }

    private static func count(_ names: [String], in weights: Weights) -> Int {
        names.reduce(0) { sum, name in
            let info = weights.tensors[name]
            return sum + (info?.type.isComputable == true ? info?.count ?? 0 : 0)
        }
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

    /// What the model costs through a view, for inputs of that shape.
    package func cost(keeping kept: KeptNeurons, of shape: TokenShape) -> Cost {
        var removed = 0
        var mlps = 0
        for (index, block) in layout.blocks.enumerated() {
            mlps += block.mlp.linear.reduce(0) { $0 + $1.count }
            let gone = architecture.hiddenWidths[index] - (kept[index]?.count ?? architecture.hiddenWidths[index])
            let linear = block.mlp.parametersPerNeuron
            mlps -= gone * linear
            removed += gone * (linear + (block.mlp.hiddenNorm?.all.count ?? 0))
        }
        return Cost(
            parameters: parameters - removed, mlpParameters: mlps, flops: architecture(keeping: kept).flops(of: shape))
    }

    // MARK: Weights

    /// The transformer seen through a view, ready to compute.
    ///
    /// - Parameters:
    ///   - use: what may be kept of the weights beside the mapped file.
    ///   - precision: what linear layers multiply. `BFloat16Error` where no library does.
    package func transformer(
        keeping kept: KeptNeurons, use: WeightUse = .packed, precision: Precision = .float32
    ) throws -> Transformer {
        try transformer(architecture, layout, keeping: kept, use: use, precision: precision)
    }

    /// The tower of texts, ready to compute; nil where there is none.
    package func textTransformer(precision: Precision = .float32) throws -> Transformer? {
        try text.map {
            try transformer(
                $0.architecture, $0.layout, keeping: KeptNeurons(allOf: $0.architecture.depth), use: .packed,
                precision: precision)
        }
    }

    private func transformer(
        _ a: Architecture, _ layout: TensorLayout, keeping kept: KeptNeurons, use: WeightUse, precision: Precision
    ) throws -> Transformer {
        let (form, blockForm): (WeightMatrix.Form, WeightMatrix.Form) =
            switch precision {
            case .float32: (.packed, use == .packed ? .packed : .plain)
            case .bfloat16:
                // Less memory must not change what is multiplied: then the form goes with the block it belongs to.
                (.bfloat16(try Precision.bfloat16Library), .bfloat16(try Precision.bfloat16Library))
            }
        let read = WeightReader(model: self, architecture: a, keeps: true, form: form)
        let blocks = layout.blocks.enumerated().map { index, layout in
            let neurons = kept[index]
            return BlockSource(
                hiddenWidth: neurons?.count ?? a.hiddenWidths[index], rowsPerNeuron: a.isGated ? 2 : 1,
                isKept: use != .anew
            ) {
                let whole = try WeightReader(
                    model: self, architecture: a, keeps: use != .anew, form: blockForm
                ).block(layout)
                return neurons.map(whole.keeping) ?? whole
            }
        }
        var narrowed = a
        narrowed.hiddenWidths = kept.widths(of: a.hiddenWidths)
        return Transformer(
            architecture: narrowed,
            embedding: try read.embedding(layout),
            embeddingNorm: try layout.embeddingNorm.map(read.norm),
            rotary: try read.rotary(layout),
            blocks: blocks,
            finalNorm: try layout.finalNorm.map(read.norm),
            pool: try layout.pool.map(read.pool),
            head: try read.head(layout),
            pooler: try layout.pooler.map(read.linear),
            projection: try layout.projection.map(read.projection))
    }

    /// Bytes that the weights of a view take beside the mapped file.
    package func weightBytes(keeping kept: KeptNeurons, precision: Precision = .float32) -> WeightBytes {
        func widened(_ tensors: [TensorReference]) -> Int {
            tensors.reduce(0) {
                $0 + (info(of: $1.name)?.type == .float32 ? 0 : 4 * $1.count)
            }
        }
        let blocks = layout.blocks.enumerated().map { index, block in
            var bytes = widened(block.all)
            if let neurons = kept[index] {
                bytes += 4 * neurons.count * (block.mlp.parametersPerNeuron + (block.mlp.hiddenNorm?.all.count ?? 0))
            }
            return bytes
        }
        let inBlocks = Set(layout.blocks.flatMap(\.all).map(\.name))
        let rest = widened(layout.all.filter { !inBlocks.contains($0.name) })
        let matrices = layout.blocks.enumerated().map { index, block in
            let gone = architecture.hiddenWidths[index] - (kept[index]?.count ?? architecture.hiddenWidths[index])
            let attention = block.attention.weights + [block.attentionOutput.weight]
            let all = attention.reduce(0) { $0 + $1.count } + block.mlp.linear.reduce(0) { $0 + $1.count }
            return all - gone * block.mlp.parametersPerNeuron
        }
        let size =
            switch precision {
            case .float32: PackedMatrix.isSupported ? MemoryLayout<Float>.size : 0
            case .bfloat16: MemoryLayout<UInt16>.size
            }
        return WeightBytes(
            all: rest + blocks.reduce(0, +), block: rest + (blocks.max() ?? 0), forms: size * matrices.reduce(0, +),
            blockForms: size * (matrices.max() ?? 0))
    }

    /// The float32 values of a tensor, checked once to be numbers.
    ///
    /// - Parameter keeps: whether values that had to be widened are kept for the next time.
    func view(_ tensor: TensorReference, keeps: Bool = true) throws -> FloatView {
        if let known = widened.withLock({ $0[tensor.name] }) { return known }
        let weights = weights(of: tensor.name)
        let view = try weights.view(tensor.name)
        if let index = view.firstNonFinite {
            throw ModelError.nonFiniteWeight(
                path: weights.path, tensor: tensor.name, index: index, value: view.base[index])
        }
        if keeps || weights.tensors[tensor.name]?.type == .float32 {
            widened.withLock { $0[tensor.name] = view }
        }
        return view
    }
}

/// What may be kept of the weights beside the mapped file.
package enum WeightUse: Sendable, Hashable {
    /// Blocks that the file does not hold in float32 are widened whenever they are needed.
    case anew
    /// They are widened once.
    case kept
    /// And all matrices are kept in the form that products are fastest with.
    case packed
}

/// Bytes that weights take beside the mapped file.
package struct WeightBytes: Sendable, Hashable {
    /// What is widened to float32, and copies of what is left of narrowed blocks: of all blocks, and of the largest.
    package let all: Int
    package let block: Int
    /// The form of the matrices that products are fastest with, once for each direction where that is packed float32: of
    /// all blocks, and of the largest. 0 where amp has no use for one.
    package let forms: Int
    package let blockForms: Int

    package init(all: Int, block: Int, forms: Int, blockForms: Int) {
        self.all = all
        self.block = block
        self.forms = forms
        self.blockForms = blockForms
    }
}

extension TensorReference {
    var count: Int { shape.reduce(1, *) }
}

extension MLPReference {
    /// Values of the linear layers that go with one neuron: its rows, their biases, its column.
    var parametersPerNeuron: Int {
        let hidden = output.weight.shape[1]
        guard hidden > 0 else { return 0 }
        return (input.all + [output.weight]).reduce(0) { $0 + $1.count } / hidden
    }
}
