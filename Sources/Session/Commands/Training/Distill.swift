import Evaluation
import Language
import Models
import Report
import Training

/// `distill epochs=5`: trains the pruned model to give what the original gives.
enum Distill: Command {
    private static let standard = TrainingOptions.Standard(
        epochs: 5, batch: 64, rate: 1e-3, least: 1e-6, decay: 0.04...0.2)

    static let spec = CommandSpec(
        "distill", "train the pruned model to give what the original gives; needs no labels", abbreviable: false,
        clauses: [
            ClauseSpec(
                "from", .name(.model), summary: "the teacher", default: "the model as it was before it was pruned"),
            TrainingOptions.seed, .on, .using,
        ],
        options: [
            OptionSpec(
                "by", .words("features", "similarity"), "class and patch tokens, or who resembles whom in a batch",
                default: "features"),
            OptionSpec(
                "t", .number(Language.Limits.above(0, atMost: 1e6)), "of similarity: how sharply similarities count",
                default: "20"),
        ] + TrainingOptions.specs(standard),
        help: """
            The teacher is the model as it was before anything was pruned: as it was loaded, or trained while it was \
            whole. By features: the mean squared difference of the class token plus that of the patch tokens after the \
            last block. By similarity: ½[KL(T‖S) + KL(S‖T)] of the similarities within a batch, by the features after \
            the final norm, which teacher and student of different widths can compare too. Norm, pooling and \
            classifier stay as they are either way.

            Without augmentation the teacher sees every image once, as far as its answers fit into memory. The paper's \
            setting for models of a billion parameters is rate=2e-5 with crop=0.2 flip=0.5; small models want a higher \
            rate. Ctrl-C, resuming and the schedule are as in 'train'.
            """,
        examples: [
            Example("distill epochs=5"), Example("distill by=similarity t=5 only=mlp"),
            Example("distill epochs=30 rate=2e-5 crop=0.2 flip=0.5", "as in the paper"),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        let teacher =
            try sentence.string("from").map { try context.model(named: $0, at: sentence.span(of: "from")) }
            ?? model.original
        guard teacher.entry.weights != model.entry.weights || teacher.name != model.name else {
            throw SessionError.nothingToRecover(model: model.name)
        }
        if let rules = try? model.preprocessing, let theirs = try? teacher.preprocessing, rules != theirs {
            throw SessionError.teacherSeesOtherwise(
                model: model.name, rules: rules.summary, teacher: teacher.name, theirs: theirs.summary)
        }
        let bySimilarity = sentence.option("by", as: String.self) == "similarity"
        if !bySimilarity, let t = sentence.option("t") {
            throw Diagnostic("only 'by=similarity' has a 't'", at: t.key.span)
        }
        var recipe = TrainingRecipe.distillation(
            bySimilarity
                ? .similarity(temperature: sentence.option("t", as: Double.self) ?? Standard.temperature) : .features)
        TrainingOptions.read(sentence, standard, into: &recipe)
        let part = try data.images(for: .validation).prefix(TrainingJob.measured)
        let images = try context.images(part, for: model)
        let original = try Measurement.outputs(of: teacher, images: images, in: data, wanting: .logits, context)
        let job = TrainingJob(
            model: model, data: data, recipe: recipe, augmentation: try TrainingOptions.augmentation(sentence),
            teacher: teacher,
            measure: TrainingJob.Measure(
                title: teacher.name == model.name ? "agreement" : "agreement with \(teacher.name)"
            ) { transformer in
                try Measurement.comparison(of: transformer.run(images, wanting: .logits), with: original).share
            }, keepsBest: sentence.option("keep", as: String.self) == "best")
        try job.finish(sentence, try job.run(&context), &context)
    }
}
