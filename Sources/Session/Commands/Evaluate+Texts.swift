import Evaluation
import Images
import Language
import Models
import Report
import Tensor
import Text

// What is measured with texts: zero-shot classification and retrieval.
extension Evaluate {
    static func zeroShot(
        _ sentence: Sentence, _ model: OpenModel, _ data: OpenData, _ images: PartImages,
        _ context: inout CommandContext
    ) throws {
        guard let labels = images.part.labels else {
            throw SessionError.noLabels(data: data.name, what: "class folders or labels")
        }
        let classes = try ClassEmbeddings.wanted(by: sentence, model, data, labels: labels, &context)
        let recipe = [
            "classes": classes.identity, "places": classes.places.map(String.init).joined(separator: " "),
        ]
        let found = try context.cached(
            Measurement.key("zeroshot", model, data, images, recipe), as: ZeroShotAccuracy.self
        ) {
            context in
            let embeddings = try Measurement.embeddings(of: model, images: images, context)
            return try ZeroShot(classEmbeddings: classes.values).evaluate(
                embeddings, labels: labels.map { classes.places[$0] }, monitor: context.monitor("comparing"))
        }
        let count = classes.values.shape[0]
        var text: StyledText = """
            \(name: model.name): zero-shot top-1 \(strong: NumberFormat.percent(found.top1)), top-5 \
            \(percent: found.top5), mean per class \(percent: found.meanPerClass) of \(count: images.count) \
            validation images
            """
        var fields: Fields = [
            "measure": "zeroshot", "of": .string(try model.view), "value": .double(found.top1),
            "top1": .double(found.top1), "top5": .double(found.top5), "mean_per_class": .double(found.meanPerClass),
            "images": .int(images.count), "classes": .int(count),
        ]
        switch classes.origin {
        case .texts(let templates):
            text += " (\(noun(count, "class", plural: "classes")) × \(noun(templates, "template")))"
            fields["templates"] = .int(templates)
        case .file(let path):
            text += " (\(noun(count, "class", plural: "classes")) of \(strong: path))"
            fields["embeddings"] = .string(path)
        }
        context.say(text, data: fields)
    }

    static func retrieval(
        _ sentence: Sentence, _ model: OpenModel, _ data: OpenData, _ part: DataPart, _ context: inout CommandContext
    ) throws {
        guard let path = sentence.option("captions", as: String.self) else {
            throw TextTaskError.noCaptions(at: sentence.objectSpan)
        }
        let tower = try model.textTower(for: .captions)
        let captioned = try CaptionedImages(
            Captions.load(path: context.readingFile(path)), path: path, part: part, of: data)
        let images = try context.images(captioned.part, for: model)
        let captions = try tower.encode(captioned.texts)
        context.warn(of: captions, "captions", in: tower)
        var textKey = try CacheKey("caption embeddings", tower)
        textKey.recipe = ["tokens": captions.digest]
        let recipe = [
            "captions": try textKey.hash, "owners": captioned.owners.map(String.init).joined(separator: " "),
            "images": captioned.part.names.joined(separator: "\n"),
        ]
        let found = try context.cached(Measurement.key("retrieval", model, data, images, recipe), as: Retrieval.self) {
            context in
            let texts = try context.cachedEmbeddings(textKey, part: "caption embeddings") { context in
                try tower.embedder().embed(captions.batch, monitor: context.monitor("embedding the captions"))
            }
            return try Retrieval(
                images: Measurement.embeddings(of: model, images: images, context), texts: texts,
                owners: captioned.owners, monitor: context.monitor("comparing"))
        }
        describe(found, captioned, try model.view, model, &context)
        describeLeftOut(captioned, data, &context)
    }

    private static func describe(
        _ found: Retrieval, _ captioned: CaptionedImages, _ view: String, _ model: OpenModel,
        _ context: inout CommandContext
    ) {
        let mean = (found.imageToText.at1 + found.textToImage.at1) / 2
        context.say(
            """
            \(name: model.name): retrieval R@1 \(strong: NumberFormat.percent(mean)), the mean of both directions, of \
            \(noun(captioned.part.count, "validation image")) and \(noun(captioned.texts.count, "caption"))
            """,
            data: [
                "measure": "retrieval", "of": .string(view), "value": .double(mean),
                "image_to_text": Report.Value(found.imageToText.shares),
                "text_to_image": Report.Value(found.textToImage.shares),
                "images": .int(captioned.part.count), "captions": .int(captioned.texts.count),
            ])
        context.show(
            .table(
                Table(
                    columns: [Table.Column("direction")]
                        + ["R@1", "R@5", "R@10"].map { .number($0, key: $0.lowercased().replacing("@", with: "")) },
                    rows: [("image → text", found.imageToText), ("text → image", found.textToImage)].map {
                        [Table.Cell(StyledText($0))] + $1.shares.map { Table.Cell.percent($0) }
                    })))
    }

    private static func describeLeftOut(_ captioned: CaptionedImages, _ data: OpenData, _ context: inout CommandContext)
    {
        if captioned.uncaptioned > 0 {
            context.note(
                "left out for having no caption: \(noun(captioned.uncaptioned, "validation image"))",
                data: ["uncaptioned": .int(captioned.uncaptioned)])
        }
        if captioned.elsewhere > 0 {
            context.note(
                "left out for being about other images of '\(data.name)': \(noun(captioned.elsewhere, "caption"))",
                data: ["elsewhere": .int(captioned.elsewhere)])
        }
        let (images, captions) = captioned.unknown
        if let first = images.first {
            context.warn(
                """
                left out for being about \(noun(images.count, "image")) that '\(data.name)' does not have \
                (\(first)\(images.count > 1 ? ", …" : "")): \(noun(captions, "caption"))
                """)
        }
    }
}

/// "1 caption", "80 captions".
private func noun(_ count: Int, _ one: String, plural: String? = nil) -> StyledText {
    "\(count: count) \(count == 1 ? one : plural ?? one + "s")"
}

extension Retrieval.Recall {
    fileprivate var shares: [Double] { [at1, at5, at10] }
}
