import Evaluation
import Language
import Models
import Report
import Training

/// `train epochs=10`: fits the model to labels.
enum Train: Command {
    private static let standard = TrainingOptions.Standard(
        epochs: 10, batch: 128, rate: 1e-3, least: 1e-6, decay: 0.05...0.05)

    static let spec = CommandSpec(
        "train", "fit the model to the labels of the calibration images", abbreviable: false,
        clauses: [TrainingOptions.seed, .on, .using],
        options: TrainingOptions.specs(standard) + [
            OptionSpec(
                "smoothing", .number(Limits(lower: .included(0), upper: .excluded(1))),
                "the share of each label that is spread over all classes", default: "0.1")
        ],
        help: """
            AdamW on the cross-entropy of the classifier. The highest learning rate is rate × batch / 256: it is \
            reached from 0 in a straight line during warm-up, then falls along half a cosine to 'least'. Weight decay \
            acts on matrices, not on biases, norms, scales, tokens or positions. A last batch that is not full is left \
            out; the order is drawn anew each epoch.

            Validation images are only measured. Ctrl-C ends it and keeps the best complete epoch, where there is one. \
            What was reached is written down then and every half minute, beside the session file: the same sentence on \
            the same model goes on from there to the same result, bit by bit. Where Ctrl-C kept an epoch, 'undo' \
            brings that model back.
            """,
        examples: [
            Example("train epochs=20 rate=2e-3 flip=0.5 pad=2 erase=0.25"),
            Example("train epochs=5 only=mlp", "attention stays as it is"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        guard model.model.architecture.head != nil else {
            throw SessionError.noHead(model: model.name, what: "'train'")
        }
        var recipe = TrainingRecipe.labels(smoothing: sentence.option("smoothing", as: Double.self) ?? 0.1)
        TrainingOptions.read(sentence, standard, into: &recipe)
        let part = try data.images(for: .validation).prefix(TrainingJob.measured)
        let images = try context.images(part, for: model)
        let labels = data.isSplit ? try Labels.of(part, data: data, model: model) : nil
        let job = TrainingJob(
            model: model, data: data, recipe: recipe, augmentation: try TrainingOptions.augmentation(sentence),
            teacher: nil,
            measure: labels.map { labels in
                TrainingJob.Measure(title: "top-1") { transformer in
                    try transformer.run(images, wanting: .logits).logits.map { accuracy(topClasses($0), labels) }
                }
            }, keepsBest: sentence.option("keep", as: String.self) == "best")
        try job.finish(sentence, try job.run(&context), &context)
    }
}
