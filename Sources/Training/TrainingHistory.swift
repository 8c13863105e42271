/// What is known of an epoch.
package struct EpochRecord: Sendable, Hashable, Codable {
    /// From 0.
    package let epoch: Int
    /// The mean of the loss over the epoch's steps.
    package let loss: Double
    /// What the caller measured after it, where it measures: larger is better.
    package let measure: Double?
    /// The learning rate of the epoch's last step.
    package let learningRate: Double

    package init(epoch: Int, loss: Double, measure: Double?, learningRate: Double) {
        self.epoch = epoch
        self.loss = loss
        self.measure = measure
        self.learningRate = learningRate
    }

    /// Whether it is better than another: by what was measured, otherwise by the loss.
    func isBetter(than other: EpochRecord) -> Bool {
        if let measure, let theirs = other.measure { return measure > theirs }
        return loss < other.loss
    }
}

/// What a step came to.
package struct StepRecord: Sendable, Hashable {
    /// From 0, over all epochs.
    package let step: Int
    package let steps: Int
    package let epoch: Int
    package let loss: Double
    package let learningRate: Double
    /// The length of the gradient over all parameters, before it was made shorter.
    package let gradientNorm: Double
}
