import Checkpoints
import Foundation

extension Model {
    /// The tensors of the model through a view, under the file's own names, types and order.
    ///
    /// Of a narrowed block the rows of the MLP's input layers, their biases, the hidden norm's entries and the columns of
    /// the output layer are those of the kept neurons, in storage order. Every other tensor is the source's, byte for byte,
    /// or in float32 the one that a revision has in its place.
    package func tensors(keeping kept: KeptNeurons) -> [TensorSource] {
        var rows: [String: [Int]] = [:]
        var columns: [String: [Int]] = [:]
        for (index, block) in layout.blocks.enumerated() {
            guard let neurons = kept[index] else { continue }
            let hidden = architecture.hiddenWidths[index]
            for tensor in block.mlp.input.all + (block.mlp.hiddenNorm?.all ?? []) {
                // A packed gate has every neuron's row once in each half.
                let halves = hidden == 0 ? 1 : tensor.shape[0] / hidden
                rows[tensor.name] = (0..<halves).flatMap { half in neurons.map { $0 + half * hidden } }
            }
            columns[block.mlp.output.weight.name] = neurons
        }
        return checkpoint.weights.names.compactMap { name in
            guard let info = info(of: name) else { return nil }
            if let rows = rows[name] { return gathering(name, info, rows: rows) }
            if let columns = columns[name] { return gathering(name, info, columns: columns) }
            return TensorSource(name: name, type: info.type, shape: info.shape) {
                [weights = weights(of: name)] write in
                try write(weights.bytes(name))
            }
        }
    }

    private func gathering(_ name: String, _ info: TensorInfo, rows: [Int]) -> TensorSource {
        let stride = info.shape.dropFirst().reduce(info.type.size, *)
        return TensorSource(name: name, type: info.type, shape: [rows.count] + info.shape.dropFirst()) {
            [weights = weights(of: name)] write in
            let bytes = try weights.bytes(name)
            for row in rows {
                try write(UnsafeRawBufferPointer(rebasing: bytes[(row * stride)..<((row + 1) * stride)]))
            }
        }
    }

    private func gathering(_ name: String, _ info: TensorInfo, columns: [Int]) -> TensorSource {
        let size = info.type.size
        let stride = info.shape[1] * size
        return TensorSource(name: name, type: info.type, shape: [info.shape[0], columns.count]) {
            [weights = weights(of: name)] write in
            let bytes = try weights.bytes(name)
            var line = [UInt8](repeating: 0, count: columns.count * size)
            for row in 0..<info.shape[0] {
                for (place, column) in columns.enumerated() {
                    for byte in 0..<size { line[place * size + byte] = bytes[row * stride + column * size + byte] }
                }
                try line.withUnsafeBytes(write)
            }
        }
    }
}
