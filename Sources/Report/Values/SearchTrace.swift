/// How a search came to its widths: one row a layer, with every width it tried.
package struct SearchTrace: Codable, Sendable, Hashable {
    package enum Verdict: String, Codable, Sendable, Hashable { case accepted, rejected }

    package struct Try: Codable, Sendable, Hashable {
        package var width: Int
        package var verdict: Verdict
        /// The entropy at this width in nats, if it was measured.
        package var entropy: Double?
        /// How many batches that rests on, where not on all.
        package var batches: Int?

        package init(width: Int, verdict: Verdict, entropy: Double? = nil, batches: Int? = nil) {
            self.width = width
            self.verdict = verdict
            self.entropy = entropy
            self.batches = batches
        }
    }

    package struct Layer: Codable, Sendable, Hashable {
        /// Counted from 1.
        package var number: Int
        /// Where the layer is in the checkpoint: `blocks.11`.
        package var key: String
        package var label: StyledText
        package var widthBefore: Int
        package var widthAfter: Int
        package var tries: [Try]
        /// In nats.
        package var entropyBefore: Double
        package var entropyAfter: Double

        /// - Parameter label: "layer 12 (blocks.11)" unless given.
        package init(
            number: Int, key: String, label: StyledText? = nil, widthBefore: Int, widthAfter: Int, tries: [Try],
            entropyBefore: Double, entropyAfter: Double
        ) {
            self.number = number
            self.key = key
            self.label = label ?? Layer.label(number: number, key: key)
            self.widthBefore = widthBefore
            self.widthAfter = widthAfter
            self.tries = tries
            self.entropyBefore = entropyBefore
            self.entropyAfter = entropyAfter
        }

        package static func label(number: Int, key: String) -> StyledText { "layer \(number) (\(key: key))" }
    }

    package var layers: [Layer]
    /// The most tries a layer can have; rows shown while the search runs are then those shown after it.
    package var steps: Int

    package init(layers: [Layer] = [], steps: Int = 0) {
        self.layers = layers
        self.steps = steps
    }
}
