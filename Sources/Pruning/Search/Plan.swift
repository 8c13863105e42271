/// What a search found for one layer.
package struct LayerPlan: Sendable, Hashable, Codable {
    /// From 0.
    package let layer: Int
    /// Neurons before.
    package let hidden: Int
    /// The entropy before this layer, which its increases are measured against.
    package let start: Double
    package let tries: [Try]
    /// The kept neurons in descending importance, as indices into the model that was searched. All of them where nothing
    /// smaller was accepted.
    package let kept: [Int]
    /// The entropy at the accepted width; nil where none was accepted.
    package let entropy: Double?
    /// How a sequential search came to it; nil where every try ran on all batches.
    package var sequential: Sequential?
    /// How well the output layer does that compensates at the accepted width; nil where nothing compensates.
    package var fit: OutputFit?

    /// What tells a sequential search from one that runs every try on all batches.
    package struct Sequential: Sendable, Hashable, Codable {
        /// All batches there are.
        package let batches: Int
        /// The entropies of all batches after this layer, which the next layer's tries are paired with.
        package let end: [Double]
        /// Whether the width found first broke the tolerance on all batches, so that every try was run on all.
        package let isRepeated: Bool
    }

    package init(
        layer: Int, hidden: Int, start: Double, tries: [Try], kept: [Int], entropy: Double?,
        sequential: Sequential? = nil
    ) {
        self.layer = layer
        self.hidden = hidden
        self.start = start
        self.tries = tries
        self.kept = kept
        self.entropy = entropy
        self.sequential = sequential
    }

    package var width: Int { kept.count }
    /// The entropy after this layer.
    package var end: Double { entropy ?? start }
}

/// The widths that searches found, layer by layer, for one model.
package struct Plan: Sendable, Hashable, Codable {
    /// Entries by layer, from 0.
    package private(set) var layers: [Int: LayerPlan]

    package init(_ layers: [LayerPlan] = []) {
        self.layers = Dictionary(layers.map { ($0.layer, $0) }, uniquingKeysWith: { $1 })
    }

    /// From the last layer to the first, as they were searched.
    package var descending: [LayerPlan] { layers.values.sorted { $0.layer > $1.layer } }

    package mutating func set(_ layer: LayerPlan) { layers[layer.layer] = layer }
    package mutating func remove(_ layer: Int) { layers[layer] = nil }

    /// The layers that would become narrower.
    package var narrowed: [LayerPlan] { layers.values.filter { $0.width < $0.hidden }.sorted { $0.layer < $1.layer } }
}
