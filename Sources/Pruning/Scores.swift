/// The importance of every hidden neuron, layer by layer.
package struct Scores: Sendable, Hashable, Codable {
    /// One layer's values; the neurons are those of the model as it was scored.
    package struct Layer: Sendable, Hashable, Codable {
        /// What neurons are ranked by. Larger is more important.
        package var ranking: [Double]
        /// The variant that keeps the sign, where the criterion has one; otherwise the same values.
        package var signed: [Double]
        /// What Fisher scores are made of.
        package var batchGradients: BatchGradients?

        package init(ranking: [Double], signed: [Double], batchGradients: BatchGradients? = nil) {
            self.ranking = ranking
            self.signed = signed
            self.batchGradients = batchGradients
        }

        /// Neurons by descending importance; equal ones in the order of their index.
        package func order(signed useSigned: Bool = false) -> [Int] {
            let values = useSigned ? signed : ranking
            // Swift's sort is stable, which the rule for ties rests on.
            return values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
        }
    }

    /// One entry a layer, first layer first; nil where a layer was not asked for.
    package var layers: [Layer?]
    /// Mean loss over the batches, where the criterion has one: entropy or cross-entropy, in nats.
    package var loss: Double?
    package var lossPerBatch: [Double]
    /// Images that took part.
    package var images: Int

    package init(layers: [Layer?], loss: Double? = nil, lossPerBatch: [Double] = [], images: Int = 0) {
        self.layers = layers
        self.loss = loss
        self.lossPerBatch = lossPerBatch
        self.images = images
    }

    func checked() throws(PruningError) -> Scores {
        for (index, layer) in layers.enumerated() {
            if let bad = layer?.ranking.firstIndex(where: { !$0.isFinite }) {
                throw .nonFiniteScore(layer: index, neuron: bad)
            }
        }
        return self
    }
}
