/// Widths of layers whose neurons are ranked together: the best of all layers stay, as many as fit (Kwon et al.,
/// arXiv 2204.09656, without heads).
package struct GlobalAllocation: Sendable {
    /// The layer of each neuron, by descending importance; of equally important ones, those of earlier layers come first.
    private let layers: [Int]
    /// What every layer keeps at least.
    private let least: [Int]
    private let multiple: Int

    /// - Parameters:
    ///   - values: the importances of each layer's neurons.
    ///   - least: what every layer keeps at least.
    ///   - multiple: widths above that are rounded down to multiples of it; a whole layer stays whole.
    package init(values: [[Double]], least: [Int], multiple: Int = 1) {
        layers = values.enumerated().flatMap { layer, values in values.map { (value: $0, layer: layer) } }
            .sorted { ($0.value, $1.layer) > ($1.value, $0.layer) }.map(\.layer)
        self.least = least
        self.multiple = multiple
    }

    /// The widths when the `count` best stay.
    private func widths(best count: Int) -> [Int] {
        var widths = [Int](repeating: 0, count: least.count)
        var wholes = widths
        for layer in layers { wholes[layer] += 1 }
        for layer in layers.prefix(count) { widths[layer] += 1 }
        return widths.indices.map { layer in
            let width = widths[layer] == wholes[layer] ? widths[layer] : widths[layer] / multiple * multiple
            return min(max(width, least[layer]), wholes[layer])
        }
    }

    /// The widths when as many of the best stay as fit; nil where even the least does not.
    ///
    /// - Parameter fits: what fits does so with fewer neurons, too.
    package func widths(fitting fits: ([Int]) -> Bool) -> [Int]? {
        guard fits(widths(best: 0)) else { return nil }
        var (low, high) = (0, layers.count + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(widths(best: middle)) { low = middle } else { high = middle }
        }
        return widths(best: low)
    }
}
