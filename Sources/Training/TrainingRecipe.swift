import Models

/// What is made small.
package enum TrainingLoss: Sendable, Hashable, Codable {
    /// Cross-entropy with labels, `smoothing` of each spread over all classes.
    case labels(smoothing: Double)
    /// MSE(class token) + MSE(patch tokens) of the last block's output before the final norm, student against teacher,
    /// each a mean over its elements.
    case features
    /// ½[KL(T‖S) + KL(S‖T)] of the distributions of similarities within a batch, these multiplied by `temperature`.
    case similarity(temperature: Double)

    /// What the loss looks at.
    package var reading: ObjectiveReading {
        switch self {
        case .labels: .logits
        case .features: .tokens
        case .similarity: .feature
        }
    }

    /// Whether the student learns from a teacher's answers.
    package var isDistillation: Bool { if case .labels = self { false } else { true } }
}

/// Everything that decides what training makes of a model, beside its inputs.
package struct TrainingRecipe: Sendable, Hashable, Codable {
    package var loss: TrainingLoss
    package var parts = TrainedParts.all
    package var epochs = 10
    /// Inputs of a step.
    package var batch = 128
    /// For a batch of 256; the steps' is this · batch / 256.
    package var baseLearningRate = 1e-4
    /// What the learning rate falls to, as it is.
    package var leastLearningRate = 1e-6
    package var warmUpEpochs = 1.0
    /// Of matrices, at the first step and at the last.
    package var weightDecay = 0.05
    package var lastWeightDecay = 0.05
    package var beta1 = 0.9
    package var beta2 = 0.999
    package var epsilon = 1e-8
    /// The longest gradient, over all parameters together, that is not made shorter; nil for any.
    package var longestGradient: Double?
    /// How often branches of the last block are left out; earlier blocks' linearly less, the first one's never.
    package var dropPath = 0.0
    package var seed = 0

    package init(loss: TrainingLoss) { self.loss = loss }

    /// Cross-entropy with labels.
    package static func labels(smoothing: Double = 0.1) -> TrainingRecipe {
        TrainingRecipe(loss: .labels(smoothing: smoothing))
    }

    /// The features of the model as it was, with the published settings.
    package static func distillation(_ loss: TrainingLoss = .features) -> TrainingRecipe {
        var recipe = TrainingRecipe(loss: loss)
        recipe.parts = .encoder
        recipe.baseLearningRate = 2e-5
        recipe.leastLearningRate = 1e-6
        recipe.weightDecay = 0.04
        recipe.lastWeightDecay = 0.2
        recipe.beta2 = 0.95
        return recipe
    }

    /// In distillation what stands after the last block is put back unchanged.
    package var trainedParts: TrainedParts { loss.isDistillation && parts == .all ? .encoder : parts }

    /// Throws `TrainingError.recipe` where a number makes no sense.
    package func check() throws(TrainingError) {
        func need(_ isFine: Bool, _ field: String, _ value: Any) throws(TrainingError) {
            guard isFine else { throw .recipe(field: field, value: "\(value)") }
        }
        try need(epochs > 0, "epochs", epochs)
        try need(batch > 0, "batch", batch)
        try need(baseLearningRate > 0 && baseLearningRate.isFinite, "baseLearningRate", baseLearningRate)
        try need(leastLearningRate >= 0 && leastLearningRate.isFinite, "leastLearningRate", leastLearningRate)
        try need(warmUpEpochs >= 0 && warmUpEpochs.isFinite, "warmUpEpochs", warmUpEpochs)
        try need(weightDecay >= 0 && weightDecay.isFinite, "weightDecay", weightDecay)
        try need(lastWeightDecay >= 0 && lastWeightDecay.isFinite, "lastWeightDecay", lastWeightDecay)
        try need((0..<1).contains(beta1), "beta1", beta1)
        try need((0..<1).contains(beta2), "beta2", beta2)
        try need(epsilon > 0, "epsilon", epsilon)
        try need(longestGradient.map { $0 > 0 } ?? true, "longestGradient", longestGradient ?? 0)
        try need((0..<1).contains(dropPath), "dropPath", dropPath)
        switch loss {
        case .labels(let smoothing): try need((0..<1).contains(smoothing), "smoothing", smoothing)
        case .features: break
        case .similarity(let temperature):
            try need(temperature > 0, "temperature", temperature)
            try need(batch > 1, "batch", batch)
        }
    }
}
