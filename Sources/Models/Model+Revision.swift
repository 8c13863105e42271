import Checkpoints
import Tensor

extension Model {
    /// The tensors of a revision of the checkpoint: those that are changed, and what this model was revised in before.
    ///
    /// - Parameter changed: float32 values in the checkpoint's shapes.
    package func revision(changing changed: [String: FloatBuffer]) -> [TensorSource] {
        checkpoint.weights.names.compactMap { name in
            if let values = changed[name] {
                return TensorSource(name: name, type: .float32, shape: info(of: name)?.shape ?? values.shape) { write in
                    try write(UnsafeRawBufferPointer(start: values.pointer, count: 4 * values.count))
                }
            }
            let file = weights(of: name)
            guard file !== checkpoint.weights, let info = file.tensors[name] else { return nil }
            return TensorSource(name: name, type: info.type, shape: info.shape) { write in
                try write(file.bytes(name))
            }
        }
    }

    /// The tensors of a block's output layer with other values for some neurons.
    ///
    /// - Parameters:
    ///   - neurons: what the columns of `weight` belong to, in the checkpoint's numbers.
    ///   - weight: (width, neurons). Columns of other neurons keep their values.
    ///   - bias: (width), where the model has one.
    package func outputTensors(
        ofBlock index: Int, neurons: [Int], weight: FloatView, bias: FloatView?
    ) throws -> [String: FloatBuffer] {
        let layer = layout.blocks[index].mlp.output
        let own = try view(layer.weight, keeps: false)
        let whole = FloatBuffer(own.shape)
        whole.pointer.update(from: own.base, count: own.count)
        for row in 0..<whole.shape[0] {
            for (place, neuron) in neurons.enumerated() {
                whole.row(row)[neuron] = weight.base[row * neurons.count + place]
            }
        }
        var result = [layer.weight.name: whole]
        if let name = layer.bias?.name, let bias {
            let values = FloatBuffer([bias.count])
            values.pointer.update(from: bias.base, count: bias.count)
            result[name] = values
        }
        return result
    }
}
