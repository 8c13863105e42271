import Evaluation
import Samples
import Tensor
import Testing

@Suite("Zero-shot classification")
struct ZeroShotTests {
    private static func unit(_ buffer: FloatBuffer, _ row: Int) -> [Double] {
        let x = (0..<buffer.rowCount).map { Double(buffer.row(row)[$0]) }
        let norm = x.map { $0 * $0 }.reduce(0, +).squareRoot()
        return x.map { $0 / norm }
    }

    @Test("names the classes of largest cosine, as a plain loop does", arguments: [1, 3, 64, 200], [1, 4, 5, 30])
    func classify(_ images: Int, _ classes: Int) throws {
        var numbers = Numbers(seed: images * 100 + classes)
        let (x, w) = (numbers.buffer([images, 7], scale: 3), numbers.buffer([classes, 7]))
        let labels = (0..<images).map { _ in numbers.index(below: classes) }
        let zeroShot = try ZeroShot(classEmbeddings: w)
        let found = try zeroShot.classify(x)
        var expected: [[Int]] = []
        for image in 0..<images {
            let q = Self.unit(x, image)
            let cosines = (0..<classes).map { zip(q, Self.unit(w, $0)).map(*).reduce(0, +) }
            expected.append(Array((0..<classes).sorted { cosines[$0] > cosines[$1] }.prefix(5)))
        }
        #expect(found == expected)

        let accuracy = try zeroShot.evaluate(x, labels: labels)
        #expect(accuracy.images == images && accuracy.perClass.count == classes)
        let right = zip(expected, labels).filter { $0[0] == $1 }.count
        #expect(abs(accuracy.top1 - Double(right) / Double(images)) < 1e-12)
        let near = zip(expected, labels).filter { $0.contains($1) }.count
        #expect(abs(accuracy.top5 - Double(near) / Double(images)) < 1e-12)
        for (label, part) in accuracy.perClass.enumerated() {
            let own = zip(expected, labels).filter { $1 == label }
            #expect(part.images == own.count && part.top1 == own.filter { $0.0[0] == label }.count)
        }
    }

    @Test("of equal cosines the lower class counts")
    func ties() throws {
        let zeroShot = try ZeroShot(classEmbeddings: FloatBuffer([4, 2], [0, 2, 1, 0, 3, 0, 5, 0]))
        #expect(try zeroShot.classify(FloatBuffer([1, 2], [7, 0])) == [[1, 2, 3, 0]])
    }

    @Test("classes without images do not count in the mean over classes")
    func meanPerClass() throws {
        let zeroShot = try ZeroShot(classEmbeddings: FloatBuffer([3, 2], [1, 0, 0, 1, -1, 0]))
        let accuracy = try zeroShot.evaluate(
            FloatBuffer([4, 2], [1, 0, 1, 0.1, 0, 1, 1, 0]), labels: [0, 0, 1, 1])
        #expect(accuracy.top1 == 0.75)
        #expect(accuracy.perClass.map(\.accuracy) == [1, 0.5, nil])
        #expect(accuracy.meanPerClass == 0.75)
    }

    @Test("a class is the mean of its templates, each of length one")
    func classEmbedding() throws {
        let found = try ZeroShot.classEmbedding(of: FloatBuffer([2, 2], [10, 0, 0, 0.1]), classIndex: 0)
        #expect(found == [Float(0.5.squareRoot()), Float(0.5.squareRoot())])
        var numbers = Numbers(seed: 3)
        let texts = numbers.buffer([80, 33])
        let rows = (0..<80).map { Self.unit(texts, $0) }
        let sums = (0..<33).map { column in rows.reduce(0) { $0 + $1[column] } }
        let norm = sums.map { $0 * $0 }.reduce(0, +).squareRoot()
        for (value, sum) in zip(try ZeroShot.classEmbedding(of: texts, classIndex: 0), sums) {
            #expect(abs(Double(value) - sum / norm) < 1e-6)
        }
    }

    @Test("embeddings that can't be compared are refused, with their place")
    func refused() throws {
        func refusal(_ body: () throws -> Void) -> EvaluationError? {
            do { try body() } catch { return error as? EvaluationError }
            return nil
        }
        let classes = FloatBuffer([2, 2], [1, 0, 0, 1])
        let zeroShot = try ZeroShot(classEmbeddings: classes)
        let cases: [(EvaluationError, () throws -> Void)] = [
            (.noDirection(.texts, row: 1), { _ = try ZeroShot(classEmbeddings: FloatBuffer([2, 2], [1, 0, 0, 0])) }),
            (.notFinite(.texts, row: 1), { _ = try ZeroShot(classEmbeddings: FloatBuffer([2, 2], [1, 0, 0, .nan])) }),
            (.nothing(.texts), { _ = try ZeroShot(classEmbeddings: FloatBuffer([0, 2])) }),
            (
                .shape(.texts, expected: [-1, -1], found: [4]),
                { _ = try ZeroShot(classEmbeddings: FloatBuffer([4], [1, 2, 3, 4])) }
            ),
            (.widths(images: 3, texts: 2), { _ = try zeroShot.classify(FloatBuffer([1, 3], [1, 2, 3])) }),
            (.notFinite(.images, row: 0), { _ = try zeroShot.classify(FloatBuffer([1, 2], [.infinity, 0])) }),
            (.noDirection(.images, row: 2), { _ = try zeroShot.classify(FloatBuffer([3, 2], [1, 0, 0, 1, 0, 0])) }),
            (.labelCount(images: 2, labels: 1), { _ = try zeroShot.evaluate(classes, labels: [0]) }),
            (
                .labelOutOfRange(image: 1, label: 2, classes: 2),
                { _ = try zeroShot.evaluate(classes, labels: [0, 2]) }
            ),
            (
                .labelOutOfRange(image: 0, label: -1, classes: 2),
                { _ = try zeroShot.evaluate(classes, labels: [-1, 0]) }
            ),
            (
                .opposedTemplates(classIndex: 9),
                { _ = try ZeroShot.classEmbedding(of: FloatBuffer([2, 2], [1, 2, -1, -2]), classIndex: 9) }
            ),
        ]
        for (error, body) in cases { #expect(refusal(body) == error) }
    }

    @Test("small and large embeddings have a direction")
    func lengths() throws {
        let zeroShot = try ZeroShot(classEmbeddings: FloatBuffer([2, 2], [1e-6, 0, 0, 1e30]))
        #expect(try zeroShot.classify(FloatBuffer([2, 2], [0, 1e-8, 1e20, 0])) == [[1, 0], [0, 1]])
    }

    @Test("stops when asked to")
    func interruption() throws {
        let zeroShot = try ZeroShot(classEmbeddings: FloatBuffer([1, 1], [1]))
        #expect(throws: Interrupted.self) {
            try zeroShot.classify(FloatBuffer([1, 1], [1]), monitor: Monitor(isCancelled: { true }))
        }
    }
}
