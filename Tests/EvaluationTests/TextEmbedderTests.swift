import Evaluation
import Models
import Samples
import Tensor
import Testing
import Text

@Suite("Embeddings of texts")
struct TextEmbedderTests {
    /// Random texts of 1 to 30 tokens between a start and an end, padded by the end or by 0.
    private static func texts(_ count: Int, padding: Int32) -> TokenBatch {
        var numbers = Numbers(seed: count)
        let ids = (0..<count).flatMap { _ -> [Int32] in
            let text = (0..<(1 + numbers.index(below: 30))).map { _ in Int32(numbers.index(below: 80)) }
            let row = [80] + text + [81]
            return row + Array(repeating: padding, count: 32 - row.count)
        }
        return TokenBatch(length: 32, ids: ids)
    }

    private static func tower() throws -> Transformer {
        try #require(try TinyModel.clipWithTokenizer().load().textTransformer())
    }

    @Test("are those of a run over all tokens, whatever pads the texts", arguments: [81, 0] as [Int32], [1, 3, 500])
    func padding(_ padding: Int32, _ count: Int) throws {
        let tower = try Self.tower()
        let texts = Self.texts(count, padding: padding)
        let plain = try #require(tower.project(try tower.run(LoadedTexts(texts)).features))
        let found = try TextEmbedder(tower).embed(texts)
        #expect(found.shape == [count, 10])
        let largest = plain.values.map(abs).max() ?? 0
        let difference = zip(found.values, plain.values).map { abs($0 - $1) }.max() ?? 0
        #expect(difference < 1e-5 * largest)
    }

    @Test("say how far they are, up to all of them")
    func progress() throws {
        let steps = Locked<[Int]>([])
        let monitor = Monitor(report: { done, total in
            #expect(total == 60)
            steps.withLock { $0.append(done) }
        })
        _ = try TextEmbedder(Self.tower()).classEmbeddings(Self.texts(60, padding: 81), templates: 3, monitor: monitor)
        let seen = steps.withLock { $0 }
        #expect(seen.last == 60 && seen == seen.sorted())
    }

    @Test("stop when asked to")
    func interrupted() throws {
        let stopped = Monitor(isCancelled: { true })
        #expect(throws: Interrupted.self) {
            try TextEmbedder(Self.tower()).embed(Self.texts(3, padding: 81), monitor: stopped)
        }
    }

    @Test("of a class are the mean of its templates', in whatever batches they are made", arguments: [1, 2, 7])
    func classes(_ templates: Int) throws {
        let tower = try Self.tower()
        let classes = 700
        let texts = Self.texts(classes * templates, padding: 81)
        let embedder = TextEmbedder(tower)
        let all = try embedder.embed(texts)
        let found = try embedder.classEmbeddings(texts, templates: templates)
        #expect(found.shape == [classes, 10])
        for index in stride(from: 0, to: classes, by: 99) {
            let own = FloatBuffer(
                [templates, 10], Array(all.values[(index * templates * 10)..<((index + 1) * templates * 10)]))
            let expected = try ZeroShot.classEmbedding(of: own, classIndex: index)
            let difference =
                zip(expected, found.values[(index * 10)..<((index + 1) * 10)]).map { abs($0 - $1) }.max() ?? 0
            #expect(difference < 1e-5)
        }
    }

    @Test("of no prompts are refused")
    func nothing() throws {
        #expect(throws: EvaluationError.nothing(.texts)) {
            try TextEmbedder(Self.tower()).classEmbeddings(TokenBatch(length: 4, ids: []), templates: 1)
        }
    }
}
