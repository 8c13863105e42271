import Checkpoints
import Evaluation
import Foundation
import Images
import Models
import Tensor
import Testing
import Text

/// Skipped with this line where the reference data are not there: `zeroshot/` beside the other goldens.
@Suite(
    "Zero-shot classification and retrieval agree with the original libraries",
    .enabled(if: !ZeroShotGolden.all.isEmpty, "needs zeroshot/ in ../shared/goldens or in a folder of AMP_GOLDENS"))
struct ZeroShotGoldenTests {
    private func check(
        _ golden: ZeroShotGolden, _ quantity: String, _ found: FloatBuffer, within bound: Double = 1e-5
    ) throws {
        let error = relativeError(found.values, try golden.expected().doubles(quantity))
        if ProcessInfo.processInfo.environment["AMP_GOLDEN_ERRORS"] != nil {
            print("\(golden.name) \(quantity) \(error)")
        }
        #expect(error < bound, "\(golden.name): \(quantity) is off by \(error) of its largest value")
    }

    @Test("pictures of other kinds are prepared alike", arguments: ZeroShotGolden.all)
    func modes(_ golden: ZeroShotGolden) throws {
        for name in try golden.expected().names where name.hasPrefix("modes.") && !golden.deviations.contains(name) {
            try check(golden, name, try golden.pixels(of: [name.dropFirst(6) + ".png"], in: "modes"))
        }
    }

    @Test("from pictures and words to the figures", arguments: ZeroShotGolden.all)
    func everything(_ golden: ZeroShotGolden) throws {
        let json = try golden.json("expected.json")
        func strings(_ key: String) throws -> [String] { try #require(json[key]?.array).compactMap(\.string) }
        func ids(_ key: String) throws -> [Int32] {
            try #require(json[key]?.array).flatMap { ($0.array ?? []).compactMap(\.int).map(Int32.init) }
        }
        let model = try Model(path: golden.path)
        let tokenizer = try Tokenizer(folder: golden.path, convention: golden.convention)
        let length = try #require(model.text?.architecture.text?.length)
        let embedder = TextEmbedder(try #require(try model.textTransformer()))

        // Texts.
        let classes = try strings("classes")
        let templates = try strings("templates")
        let written = classes.flatMap { name in templates.map { $0.replacing("{}", with: name) } }
        #expect(try strings("prompts") == written)
        let prompts = try tokenizer.encode(written, contextLength: length)
        #expect(prompts.ids == (try ids("prompt_token_ids")))
        let captions = try tokenizer.encode(strings("captions"), contextLength: length)
        #expect(captions.ids == (try ids("caption_token_ids")))
        let promptBatch = TokenBatch(length: length, ids: prompts.ids)
        try check(golden, "prompt_embeds_raw", try embedder.embed(promptBatch))
        let classEmbeddings = try embedder.classEmbeddings(promptBatch, templates: templates.count)
        try check(golden, "class_embeds", classEmbeddings)
        let captionEmbeddings = try embedder.embed(TokenBatch(length: length, ids: captions.ids))
        try check(golden, "caption_embeds_raw", captionEmbeddings)

        // Images.
        let names = try strings("images")
        let pixels = try golden.pixels(of: names, in: "images")
        try check(golden, "pixel_values", pixels)
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        let embeddings = try #require(transformer.project(try transformer.run(LoadedImages(pixels)).features))
        try check(golden, "image_embeds_raw", embeddings)

        // Figures.
        let labels = try names.map { name in try #require(classes.firstIndex { name.hasPrefix($0 + "/") }) }
        let zeroShot = try ZeroShot(classEmbeddings: classEmbeddings)
        let accuracy = try zeroShot.evaluate(embeddings, labels: labels)
        #expect(accuracy.top1 == json["top1"]?.double)
        let predictions = try #require(json["predictions"]?.array).map(\.int)
        #expect(try zeroShot.classify(embeddings).map(\.first) == predictions)
        let owners = try strings("caption_images").map { name in try #require(names.firstIndex(of: name)) }
        let retrieval = try Retrieval(images: embeddings, texts: captionEmbeddings, owners: owners)
        for (key, recall) in [
            ("image_to_text", retrieval.imageToText), ("text_to_image", retrieval.textToImage),
        ] {
            let expected = try #require(json[key])
            #expect(recall.at1 == expected["R@1"]?.double)
            #expect(recall.at5 == expected["R@5"]?.double)
            #expect(recall.at10 == expected["R@10"]?.double)
        }
    }
}
