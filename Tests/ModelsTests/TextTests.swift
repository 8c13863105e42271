import Models
import Samples
import Tensor
import Testing

@Suite("Texts")
struct TextTests {
    private let bert = TinyModel.bert()

    private func run(_ transformer: Transformer, _ batch: TokenBatch) throws -> [Float] {
        try transformer.run(LoadedTexts(batch)).features.values
    }

    @Test("that are too long, or empty, are refused", arguments: [0, 201])
    func length(_ length: Int) throws {
        let batch = TokenBatch(length: length, ids: Array(repeating: 1, count: length))
        #expect(throws: ModelError.textLength(longest: 200, found: length)) { try run(bert.transformer(), batch) }
    }

    @Test("with ids outside the vocabulary are refused by their place", arguments: [11, -1, Int32.max])
    func vocabulary(_ id: Int32) throws {
        let batch = TokenBatch(length: 3, ids: [1, 10, 0, 4, 5, id])
        #expect(throws: ModelError.tokenOutOfRange(text: 1, token: Int(id), vocabulary: 11)) {
            try run(bert.transformer(), batch)
        }
    }

    @Test("with segments that the model does not know are refused", arguments: [2, -1])
    func segments(_ segment: Int32) throws {
        let batch = TokenBatch(length: 2, ids: [1, 2, 3, 4], segments: [0, 1, segment, 0])
        #expect(throws: ModelError.segmentOutOfRange(text: 1, segment: Int(segment), segments: 2)) {
            try run(bert.transformer(), batch)
        }
        let clip = try #require(try TinyModel.clip().load().textTransformer())
        #expect(throws: ModelError.segmentOutOfRange(text: 0, segment: 1, segments: 0)) {
            try run(clip, TokenBatch(length: 2, ids: [1, 2], segments: [0, 1]))
        }
    }

    @Test("are not for models of images, nor images for models of texts")
    func wrongInput() throws {
        let texts = LoadedTexts(TokenBatch(length: 2, ids: [1, 2]))
        #expect(throws: ModelError.wrongInput(takesImages: true)) { try TinyModel.timm().transformer().run(texts) }
        #expect(throws: ModelError.wrongInput(takesImages: false)) {
            try bert.transformer().run(TinyModel.timm().images(2))
        }
    }

    @Test("segments that are not given are the first")
    func noSegments() throws {
        let transformer = try bert.transformer()
        let ids: [Int32] = [1, 2, 3, 4]
        let bare = try run(transformer, TokenBatch(length: 2, ids: ids))
        #expect(try run(transformer, TokenBatch(length: 2, ids: ids, segments: [0, 0, 0, 0])) == bare)
        #expect(try run(transformer, TokenBatch(length: 2, ids: ids, segments: [0, 1, 0, 1])) != bare)
    }

    @Test("padding changes nothing, whatever it holds and however long it is")
    func padding() throws {
        let transformer = try bert.transformer()
        let bare = try run(transformer, TokenBatch(length: 3, ids: [1, 2, 3]))
        for (length, filler) in [(3, 0), (4, 0), (4, 9), (9, 9)] as [(Int, Int32)] {
            let batch = TokenBatch(
                length: length, ids: [1, 2, 3] + Array(repeating: filler, count: length - 3),
                mask: (0..<length).map { $0 < 3 })
            let found = try run(transformer, batch)
            #expect(zip(found, bare).allSatisfy { abs($0 - $1) < 1e-5 }, "\(length) tokens, \(filler)")
        }
    }

    @Test(
        "of CLIP are read where they end, and nothing after that counts",
        arguments: [TinyModel.clip(), .openCLIP(), .evaCLIP(.init(), .gated)])
    func endOfText(_ model: TinyModel) throws {
        let transformer = try #require(try model.load().textTransformer())
        let features = try run(transformer, TokenBatch(length: 5, ids: [1, 3, 10, 0, 0]))
        #expect(try run(transformer, TokenBatch(length: 5, ids: [1, 3, 10, 4, 2])) == features)
        #expect(try run(transformer, TokenBatch(length: 5, ids: [1, 4, 10, 0, 0])) != features)
        let shorter = try run(transformer, TokenBatch(length: 3, ids: [1, 3, 10]))
        #expect(zip(shorter, features).allSatisfy { abs($0 - $1) < 1e-5 })
        let projected = try #require(transformer.project(FloatBuffer([1, 8], features)))
        #expect(projected.shape == [1, 6])
    }
}
