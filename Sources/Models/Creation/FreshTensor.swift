import Checkpoints

/// A tensor of a model that has learnt nothing yet: what it begins with.
struct FreshTensor {
    enum Values {
        case constant(Float)
        /// Mean 0 and this deviation; beyond ±2, which timm cuts off, it is drawn again.
        case normal(deviation: Float)
        /// Evenly between −bound and bound.
        case uniform(bound: Float)
    }

    let name: String
    let shape: [Int]
    let values: Values

    /// The values of a seed. Every tensor has a stream of its own, named after it: what other tensors there are, and in
    /// which order they are written, changes nothing.
    func source(seed: UInt64) -> TensorSource {
        TensorSource(name: name, type: .float32, shape: shape) { write in
            var draws = WeightDraws(seed: seed, tensor: name)
            var left = shape.reduce(1, *)
            while left > 0 {
                let piece = draws.next(min(left, Self.piece), of: values)
                try piece.withUnsafeBytes(write)
                left -= piece.count
            }
        }
    }

    /// Values that are made at a time.
    private static let piece = 1 << 16
}

extension FreshViT {
    /// All tensors under timm's names and in its order, with timm's own initialisation (`weight_init=""`): its linear
    /// layers and positions, its tokens, PyTorch's convolution, norms that change nothing.
    var tensors: [FreshTensor] {
        let positions = 1 + registers + image.area / (patch * patch)
        let inputs = channels * patch * patch
        // PyTorch's own initialisation of convolutions, He's for a slope of √5, comes to the inverse root of the inputs.
        let bound = 1 / Float(inputs).squareRoot()
        var list = [FreshTensor(name: "cls_token", shape: [1, 1, width], values: .normal(deviation: 1e-6))]
        if registers > 0 {
            list.append(
                FreshTensor(name: "reg_token", shape: [1, registers, width], values: .normal(deviation: 1e-6)))
        }
        list += [
            FreshTensor(name: "pos_embed", shape: [1, positions, width], values: .normal(deviation: 0.02)),
            FreshTensor(
                name: "patch_embed.proj.weight", shape: [width, channels, patch, patch], values: .uniform(bound: bound)),
            FreshTensor(name: "patch_embed.proj.bias", shape: [width], values: .uniform(bound: bound)),
        ]
        for block in 0..<depth {
            let name = "blocks.\(block)."
            list += norm(name + "norm1")
            list += linear(name + "attn.qkv", 3 * width, width) + linear(name + "attn.proj", width, width)
            list += scale(name + "ls1.gamma") + norm(name + "norm2")
            list += linear(name + "mlp.fc1", hidden, width) + linear(name + "mlp.fc2", width, hidden)
            list += scale(name + "ls2.gamma")
        }
        list += norm("norm")
        if classes > 0 { list += linear("head", classes, width) }
        return list
    }

    private func norm(_ name: String) -> [FreshTensor] {
        [
            FreshTensor(name: name + ".weight", shape: [width], values: .constant(1)),
            FreshTensor(name: name + ".bias", shape: [width], values: .constant(0)),
        ]
    }

    private func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [FreshTensor] {
        [
            FreshTensor(name: name + ".weight", shape: [outputs, inputs], values: .normal(deviation: 0.02)),
            FreshTensor(name: name + ".bias", shape: [outputs], values: .constant(0)),
        ]
    }

    private func scale(_ name: String) -> [FreshTensor] {
        layerScale.map { [FreshTensor(name: name, shape: [width], values: .constant($0))] } ?? []
    }
}
