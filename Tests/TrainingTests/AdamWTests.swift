import Foundation
import Models
import Samples
import Tensor
import Testing
import Training

@Suite("Steps of the optimiser")
struct AdamWTests {
    /// torch.optim.AdamW in float64, with learning rate 0.01 · step, weight decay 0.2, β = (0.9, 0.95).
    @Test("AdamW goes where PyTorch's goes")
    func asPyTorch() {
        let gradients: [[Float]] = [[0.1, -0.2, 3], [-0.4, 0, 1], [0.05, 0.3, -2], [1, 1e-4, 0.5]]
        let expected: [[Float]] = [
            [0.489000001, -0.988, 1.986], [0.498112036, -0.970475047, 1.960456767],
            [0.505711224, -0.971918044, 1.941816424], [0.485118632, -0.972188314, 1.915600687],
        ]
        // As many columns as fill vectors and leave a rest.
        let columns = 3 * 7
        func wide(_ values: [Float]) -> FloatBuffer {
            FloatBuffer([columns], (0..<columns).map { values[$0 % 3] })
        }
        let p = wide([0.5, -1, 2])
        let (m, v) = (FloatBuffer([columns], filledWith: 0), FloatBuffer([columns], filledWith: 0))
        for (index, gradient) in gradients.enumerated() {
            // Doubled and halved again, as clipping would scale it.
            let doubled = wide(gradient.map { 2 * $0 })
            AdamStep(
                step: index + 1, learningRate: 0.01 * Double(index + 1), weightDecay: 0.2, beta1: 0.9, beta2: 0.95,
                epsilon: 1e-8, gradientScale: 0.5
            ).apply(p.pointer, gradient: doubled.pointer, mean: m.pointer, square: v.pointer, count: columns)
            #expect(zip(p.values, wide(expected[index]).values).allSatisfy { abs($0 - $1) < 2e-6 })
        }
    }

    @Test("the learning rate rises in a line and falls in a cosine; weight decay goes its own way")
    func schedule() {
        var recipe = TrainingRecipe.distillation()
        recipe.epochs = 5
        recipe.batch = 64
        recipe.baseLearningRate = 4e-5
        recipe.leastLearningRate = 1e-7
        recipe.warmUpEpochs = 1.5
        let schedule = Schedule(recipe, stepsPerEpoch: 10)
        #expect(schedule.steps == 50)
        #expect(schedule.learningRate(0) == 0)
        #expect(abs(schedule.learningRate(3) - 1e-5 * 3 / 15) < 1e-18)
        #expect(abs(schedule.learningRate(15) - 1e-5) < 1e-18)
        let middle = 1e-7 + (1e-5 - 1e-7) * 0.5 * (1 + cos(Double.pi * 17 / 35))
        #expect(abs(schedule.learningRate(32) - middle) < 1e-18)
        #expect(abs(schedule.weightDecay(0) - 0.04) < 1e-12)
        #expect(abs(schedule.weightDecay(25) - 0.12) < 1e-12)
        #expect(schedule.weightDecay(49) < 0.2)
        #expect(schedule.weightDecay(49) > 0.199)
    }

    @Test("weight decay reaches matrices only")
    func decay() throws {
        let model = try TinyModel.timm(layerScale: true, registers: 2).load()
        let parameters = try Parameters(model: model, keeping: KeptNeurons(allOf: model.architecture.depth))
        #expect(parameters.matrices.contains("blocks.0.mlp.fc1.weight"))
        #expect(parameters.matrices.contains("patch_embed.proj.weight"))
        #expect(parameters.matrices.contains("head.weight"))
        for name in ["blocks.0.mlp.fc1.bias", "blocks.0.norm1.weight", "blocks.0.ls1.gamma", "pos_embed", "cls_token"] {
            #expect(parameters.tensors[name] != nil)
            #expect(!parameters.matrices.contains(name))
        }
    }

    @Test("a recipe that makes no sense is refused", arguments: 0..<7)
    func recipe(_ index: Int) {
        let changes: [(inout TrainingRecipe) -> Void] = [
            { $0.epochs = 0 }, { $0.batch = 0 }, { $0.baseLearningRate = -.infinity }, { $0.dropPath = 1 },
            { $0.beta2 = 1 }, { $0.longestGradient = 0 }, { $0.loss = .similarity(temperature: 0) },
        ]
        var recipe = TrainingRecipe.labels()
        #expect(throws: Never.self) { try recipe.check() }
        changes[index](&recipe)
        #expect(throws: TrainingError.self) { try recipe.check() }
    }
}
