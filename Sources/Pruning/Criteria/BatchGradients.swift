import Foundation

/// The loss's slope along the mask of each neuron of a layer, batch by batch, in float32.
package struct BatchGradients: Sendable, Hashable, Codable {
    package let batches: Int
    /// (neurons, batches), as bytes: as decimals they would take three times the room.
    private let bytes: Data

    /// - Parameter batches: a slope a neuron, for each batch.
    package init(_ batches: [[Double]]) {
        self.batches = batches.count
        let neurons = batches.first?.count ?? 0
        let values = (0..<neurons).flatMap { neuron in batches.map { Float($0[neuron]) } }
        bytes = values.withUnsafeBytes { Data($0) }
    }

    /// Each neuron's slopes; empty where the bytes are not those of so many neurons.
    private func slopes(of neurons: Int) -> [[Double]] {
        guard bytes.count == neurons * batches * MemoryLayout<Float>.stride else { return [] }
        return bytes.withUnsafeBytes { raw in
            (0..<neurons).map { neuron in
                (0..<batches).map { batch in
                    Double(
                        raw.loadUnaligned(
                            fromByteOffset: (neuron * batches + batch) * MemoryLayout<Float>.stride, as: Float.self))
                }
            }
        }
    }

    /// Exchanges neurons that go for ones that stay, so that the slopes of those that go cancel better (Kwon et al.,
    /// arXiv 2204.09656): for each neuron that stays, the least important first, it goes too, and the neuron comes back
    /// without which the others' summed slopes are the shortest vector.
    ///
    /// - Parameters:
    ///   - order: the neurons by descending importance.
    ///   - width: how many of them stay.
    /// - Returns: those that stay in the end, by descending importance.
    package func rearranged(_ order: [Int], width: Int) -> [Int] {
        let slopes = slopes(of: order.count)
        guard width > 0, width < order.count, !slopes.isEmpty else { return Array(order.prefix(width)) }
        var gone = Array(order.dropFirst(width)).sorted()
        var sum = [Double](repeating: 0, count: batches)
        for neuron in gone { for batch in sum.indices { sum[batch] += slopes[neuron][batch] } }
        for candidate in order.prefix(width).reversed() {
            for batch in sum.indices { sum[batch] += slopes[candidate][batch] }
            var best = (place: -1, neuron: candidate, length: length(sum, without: slopes[candidate]))
            for (place, neuron) in gone.enumerated() {
                let found = length(sum, without: slopes[neuron])
                if (found, neuron) < (best.length, best.neuron) { best = (place, neuron, found) }
            }
            for batch in sum.indices { sum[batch] -= slopes[best.neuron][batch] }
            if best.place >= 0 { gone[best.place] = candidate }
        }
        let out = Set(gone)
        return order.filter { !out.contains($0) }
    }

    private func length(_ sum: [Double], without slopes: [Double]) -> Double {
        var length = 0.0
        for batch in sum.indices {
            let value = sum[batch] - slopes[batch]
            length += value * value
        }
        return length
    }
}
