import Models
import Tensor

/// What models gave in the last forward passes of this process, so that measuring the same model on the same images by
/// something else needs no other pass.
final class RecentOutputs {
    private struct Entry {
        let key: String
        let wanted: OutputOptions
        let outputs: Outputs
    }

    /// The least recently used first.
    private var entries: [Entry] = []

    /// - Parameter key: the hash of everything that the outputs depend on.
    func find(_ key: String, wanting options: OutputOptions) -> Outputs? {
        guard let place = entries.firstIndex(where: { $0.key == key && $0.wanted.isSuperset(of: options) }) else {
            return nil
        }
        let entry = entries.remove(at: place)
        entries.append(entry)
        return entry.outputs
    }

    /// Keeps outputs, and forgets those longest not used where all together would take more than `limit` bytes.
    func remember(_ outputs: Outputs, _ key: String, wanting options: OutputOptions, limit: Int) {
        entries.removeAll { $0.key == key && options.isSuperset(of: $0.wanted) }
        entries.append(Entry(key: key, wanted: options, outputs: outputs))
        while entries.reduce(0, { $0 + $1.outputs.bytes }) > limit { entries.removeFirst() }
    }
}

extension Outputs {
    fileprivate var bytes: Int {
        [features, logits, hidden].reduce(0) { $0 + ($1?.count ?? 0) } * MemoryLayout<Float>.stride
    }
}
