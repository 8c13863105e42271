import Evaluation
import Foundation
import Images
import Language
import Models
import Pruning
import Report
import Tensor

/// `evaluate knn`: measures the model as it is now.
enum Evaluate: Command {
    enum Measure: String, CaseIterable { case knn, top1, entropy, agreement, zeroshot, retrieval }

    static let spec = CommandSpec(
        "evaluate", "measure the model as it is now",
        object: .choice(
            "what to measure",
            [
                Choice(
                    Measure.knn.rawValue, "k nearest neighbours: calibration images vote on validation images",
                    options: [OptionSpec("k", .count(), "how many neighbours vote", default: "20")]),
                Choice(Measure.top1.rawValue, "accuracy of the classifier; needs labels"),
                Choice(
                    Measure.entropy.rawValue, "the entropy that searches watch", options: [.temperature, .entropyBatch]),
                Choice(Measure.agreement.rawValue, "how often it answers as the unpruned original does"),
                Choice(
                    Measure.zeroshot.rawValue, "classes told by their names, as CLIP does; needs labels",
                    options: ClassEmbeddings.options),
                Choice(
                    Measure.retrieval.rawValue, "how often images and their captions find each other",
                    options: [CaptionedImages.option]),
            ]),
        clauses: [
            ClauseSpec("limit", .count(), summary: "at most this many validation images", default: "all"), .on, .using,
        ],
        help: """
            Runs on the validation images. Neighbours are compared by cosine, their votes weighted by \
            softmax(cosine / 0.07). Agreement compares the class with the largest logit or, without a classifier, each \
            image's nearest other image; it also says the mean cosine of the two models' features.

            Zero-shot classification compares each image with an embedding of each class: made by the checkpoint's own \
            tower of texts from the names of the class folders and some templates, its tokenizer read from the files \
            beside it, or read from a file. Names are matched with the class folders where they are the same, otherwise \
            they are in the folders' order. Retrieval takes the validation images that a captions file names by path or \
            file name: CSV, TSV or Flickr's with a line of column names, JSON, JSON lines or COCO's.
            """,
        examples: [
            Example("evaluate knn k=10"), Example("evaluate agreement"),
            Example(#"evaluate zeroshot classes="names.txt" templates=imagenet7"#),
            Example(#"evaluate zeroshot embeddings="classes.safetensors""#, "made elsewhere"),
            Example(#"evaluate retrieval captions="captions.csv""#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let model = try context.model(for: sentence)
        let data = try context.data(for: sentence)
        guard let measure = sentence.choice(as: Measure.self) else { return }
        var part = try data.images(for: .validation)
        if let limit = sentence.value("limit", as: Int.self) { part = part.prefix(limit) }
        let images = try context.images(part, for: model)
        let started = Date()
        switch measure {
        case .knn:
            try knn(k: sentence.option("k", as: Int.self) ?? Standard.neighbours, model, data, images, &context)
        case .top1: try top1(model, data, images, &context)
        case .agreement: try agreement(model, data, images, &context)
        case .entropy:
            let measure = ValidationEntropy(
                temperature: sentence.option("t", as: Double.self) ?? Standard.temperature,
                batch: Standard.batch(sentence.option("batch", as: Int.self), images: images.count))
            try entropy(measure, model, data, images, &context)
        case .zeroshot: try zeroShot(sentence, model, data, images, &context)
        case .retrieval: try retrieval(sentence, model, data, part, &context)
        }
        try context.describeMeasured(model, data)
        context.status("\(seconds: Date().timeIntervalSince(started))")
    }

    private static func knn(
        k: Int, _ model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws {
        let (share, bank) = try Measurement.knn(k: k, of: model, data, images, &context)
        let used = min(k, bank)
        context.say(
            """
            \(name: model.name): kNN \(strong: NumberFormat.percent(share)) of \(count: images.count) validation images \
            (k=\(count: used), \(count: bank) calibration images vote)
            """,
            data: [
                "measure": "knn", "of": .string(try model.view), "value": .double(share), "k": .int(used),
                "images": .int(images.count), "bank": .int(bank),
            ])
    }

    private static func top1(
        _ model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws {
        let share = try Measurement.top1(of: model, data, images, &context)
        context.say(
            "\(name: model.name): top-1 \(strong: NumberFormat.percent(share)) of \(count: images.count) validation images",
            data: [
                "measure": "top1", "of": .string(try model.view), "value": .double(share),
                "images": .int(images.count),
            ])
    }

    private static func entropy(
        _ measure: ValidationEntropy, _ model: OpenModel, _ data: OpenData, _ images: PartImages,
        _ context: inout CommandContext
    ) throws {
        let value = try Measurement.entropy(
            measure, of: model, kept: model.entry.kept, images: images, data: data, &context)
        let used = value.perBatch.count * measure.batch
        context.say(
            """
            \(name: model.name): entropy \(strong: NumberFormat.entropy(value.mean)) nats on \(count: used) validation images \
            (t=\(number: Language.Value(measure.temperature)), batch=\(count: measure.batch))
            """,
            data: [
                "measure": "entropy", "of": .string(try model.view), "value": .double(value.mean),
                "per_batch": Report.Value(value.perBatch),
                "images": .int(used), "t": .double(measure.temperature), "batch": .int(measure.batch),
            ])
    }

    private static func agreement(
        _ model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws {
        let found = try Measurement.agreement(of: model, data, images, &context)
        let what = found.measure == .top1 ? "the same top-1 class" : "the same nearest neighbour"
        context.say(
            """
            \(name: model.name): \(what) as the original on \(strong: NumberFormat.percent(found.share)) of \
            \(count: images.count) validation images · mean cosine of features \(fixed: found.cosine, digits: 4)
            """,
            data: [
                "measure": "agreement", "of": .string(try model.view), "value": .double(found.share),
                "by": .string(found.measure.rawValue),
                "cosine": .double(found.cosine), "images": .int(images.count),
            ])
    }
}
