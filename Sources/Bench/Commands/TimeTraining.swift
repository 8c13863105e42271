import ArgumentParser
import Checkpoints
import Models
import Tensor
import Training

/// An epoch of distillation: a whole model learns the features of itself with half of its neurons.
struct TimeTraining: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training", abstract: "Times steps of training, teacher included.")

    @Argument var folder: String
    @Option var images = 32
    @Option var batch = 16
    @Option(help: "Bytes that training may take.") var memory = 8 << 30
    @Option(help: "Where to write the loss of the first epoch, as raw float32.") var values: String?
    @OptionGroup var repetitions: Repetitions

    func run() throws {
        repetitions.prepare()
        let subject = try Subject(folder, images: images)
        let all = KeptNeurons(allOf: subject.depth)
        let half = subject.model.architecture.hiddenWidths.enumerated().reduce(all) { kept, layer in
            kept.keeping(Array(0..<(layer.element / 2)), of: layer.offset)
        }
        let teacher = try subject.model.transformer(keeping: half)
        let parameters = try Parameters(model: subject.model, keeping: all)
        var recipe = TrainingRecipe.distillation()
        recipe.epochs = 1
        recipe.warmUpEpochs = 0
        recipe.batch = batch
        var losses: [Double] = []
        // Each time with AdamW as it begins, and with the teacher's answers computed: as where images are augmented.
        let times = try repetitions.time {
            let trainer = try Trainer(
                recipe, parameters, source: PlainBatches(subject.images), teacher: teacher, memoryLimit: memory)
            losses += try trainer.run().history.map(\.loss)
        }
        if let values { try writeValues(losses.prefix(1).map(Float.init), to: values) }
        Measurement(
            work: "training", times: times,
            facts: ["model": .string(folder), "batch": .number(Double(batch)), "loss": .number(losses.first ?? .nan)],
            images: images, flops: nil
        ).write()
    }
}
