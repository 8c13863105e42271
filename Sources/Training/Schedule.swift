import Foundation

/// Learning rate and weight decay, step by step.
package struct Schedule: Sendable {
    package let stepsPerEpoch: Int
    package let steps: Int
    private let recipe: TrainingRecipe

    package init(_ recipe: TrainingRecipe, stepsPerEpoch: Int) {
        self.recipe = recipe
        self.stepsPerEpoch = stepsPerEpoch
        steps = stepsPerEpoch * recipe.epochs
    }

    /// The highest learning rate: base · batch / 256.
    package var peak: Double { recipe.baseLearningRate * Double(recipe.batch) / 256 }

    /// Of a step from 0: from 0 in a straight line while warming up, then down half a cosine to the least.
    package func learningRate(_ step: Int) -> Double {
        let warmUp = recipe.warmUpEpochs * Double(stepsPerEpoch)
        let step = Double(step)
        if step < warmUp { return peak * step / warmUp }
        let done = (step - warmUp) / max(1, Double(steps) - warmUp)
        let least = recipe.leastLearningRate
        return least + (peak - least) * (1 + cos(.pi * min(1, done))) / 2
    }

    /// Of a step from 0: half a cosine from the first to the last over all steps.
    package func weightDecay(_ step: Int) -> Double {
        let done = Double(step) / Double(max(1, steps))
        return recipe.lastWeightDecay + (recipe.weightDecay - recipe.lastWeightDecay) * (1 + cos(.pi * done)) / 2
    }
}
