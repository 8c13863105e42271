import Evaluation
import Samples
import Tensor
import Testing

@Suite("Retrieval")
struct RetrievalTests {
    /// Sorts all answers of each query.
    private func shares(
        _ queries: FloatBuffer, _ answers: FloatBuffer, isRight: (Int, Int) -> Bool
    ) -> [Double] {
        func unit(_ buffer: FloatBuffer, _ row: Int) -> [Double] {
            let x = (0..<buffer.rowCount).map { Double(buffer.row(row)[$0]) }
            let norm = x.map { $0 * $0 }.reduce(0, +).squareRoot()
            return x.map { $0 / norm }
        }
        let targets = (0..<answers.shape[0]).map { unit(answers, $0) }
        let count = queries.shape[0]
        let orders = (0..<count).map { query in
            let q = unit(queries, query)
            let cosines = targets.map { zip(q, $0).map(*).reduce(0, +) }
            return cosines.indices.sorted { cosines[$0] > cosines[$1] }
        }
        return [1, 5, 10].map { depth in
            Double((0..<count).count { query in orders[query].prefix(depth).contains { isRight(query, $0) } })
                / Double(count)
        }
    }

    @Test("finds what sorting finds", arguments: [1, 2, 9, 70, 150], [1, 3, 5])
    func sorting(_ images: Int, _ captions: Int) throws {
        var numbers = Numbers(seed: images * 10 + captions)
        let x = numbers.buffer([images, 6])
        // Each image has a caption at least, others are spread at random; all stand in a random order.
        var owners = Array(0..<images) + (0..<(images * (captions - 1))).map { _ in numbers.index(below: images) }
        owners = numbers.permutation(owners.count).map { owners[$0] }
        let noise = numbers.buffer([owners.count, 6], scale: 0.8)
        for (text, owner) in owners.enumerated() {
            for column in 0..<6 { noise.row(text)[column] += x.row(owner)[column] }
        }
        let found = try Retrieval(images: x, texts: noise, owners: owners)
        let imageToText = shares(x, noise) { owners[$1] == $0 }
        let textToImage = shares(noise, x) { owners[$0] == $1 }
        for (recall, expected) in [(found.imageToText, imageToText), (found.textToImage, textToImage)] {
            #expect(abs(recall.at1 - expected[0]) < 1e-12)
            #expect(abs(recall.at5 - expected[1]) < 1e-12)
            #expect(abs(recall.at10 - expected[2]) < 1e-12)
        }
    }

    @Test("of equal cosines the lower place stands first")
    func ties() throws {
        let images = FloatBuffer([2, 2], [1, 0, 1, 0])
        let found = try Retrieval(images: images, texts: FloatBuffer([2, 2], [2, 0, 3, 0]), owners: [0, 1])
        // Both captions name the first image, both images the first caption.
        #expect(found.imageToText.at1 == 0.5 && found.textToImage.at1 == 0.5)
        #expect(found.imageToText.at5 == 1 && found.textToImage.at5 == 1)
    }

    @Test("gives the same on any number of threads")
    func threads() throws {
        var numbers = Numbers(seed: 8)
        let (images, texts) = (numbers.buffer([150, 8]), numbers.buffer([300, 8]))
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let results = try [1, 3].map { threads in
            Parallel.threads = threads
            return try Retrieval(images: images, texts: texts, owners: (0..<300).map { $0 / 2 })
        }
        #expect(results[0] == results[1])
    }

    @Test(
        "captions that don't fit their images are refused",
        arguments: [
            ([0, 1], .ownerCount(texts: 3, owners: 2)), ([0, 1, 2], .ownerOutOfRange(text: 2, owner: 2, images: 2)),
            ([0, -1, 1], .ownerOutOfRange(text: 1, owner: -1, images: 2)), ([0, 0, 0], .imageWithoutCaption(image: 1)),
        ] as [([Int], EvaluationError)])
    func refused(_ owners: [Int], _ error: EvaluationError) {
        #expect(throws: error) {
            try Retrieval(
                images: FloatBuffer([2, 1], [1, 2]), texts: FloatBuffer([3, 1], [1, 2, 3]), owners: owners)
        }
    }

    @Test("embeddings of other widths or without a direction are refused")
    func refusedEmbeddings() {
        #expect(throws: EvaluationError.widths(images: 1, texts: 2)) {
            try Retrieval(images: FloatBuffer([1, 1], [1]), texts: FloatBuffer([1, 2], [1, 2]), owners: [0])
        }
        #expect(throws: EvaluationError.noDirection(.texts, row: 0)) {
            try Retrieval(images: FloatBuffer([1, 1], [1]), texts: FloatBuffer([1, 1], [0]), owners: [0])
        }
    }
}
