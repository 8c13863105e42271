import Tensor

/// How well images and their captions find each other by cosine.
package struct Retrieval: Sendable, Hashable, Codable {
    /// The shares of queries with a right answer among the first 1, 5 and 10.
    package struct Recall: Sendable, Hashable, Codable {
        package let at1: Double
        package let at5: Double
        package let at10: Double

        /// - Parameter ranks: how many wrong answers stand before the first right one, for each query
        init(ranks: [Int]) {
            func share(_ depth: Int) -> Double {
                ranks.isEmpty ? 0 : Double(ranks.count { $0 < depth }) / Double(ranks.count)
            }
            (at1, at5, at10) = (share(1), share(5), share(10))
        }
    }

    /// Images ask for captions; any caption of the image is right.
    package let imageToText: Recall
    /// Captions ask for their image.
    package let textToImage: Recall

    /// Of equally similar answers the one with the lower index stands first.
    /// - Parameters:
    ///   - images: embeddings (images, D), of any length
    ///   - texts: embeddings (captions, D), of any length
    ///   - owners: which image each caption is about; every image has at least one
    /// - Throws: `EvaluationError`, `Interrupted`.
    package init(images: FloatBuffer, texts: FloatBuffer, owners: [Int], monitor: Monitor = .none) throws {
        let images = try UnitFeatures(checking: images, of: .images)
        let texts = try UnitFeatures(checking: texts, of: .texts)
        guard images.width == texts.width else {
            throw EvaluationError.widths(images: images.width, texts: texts.width)
        }
        guard owners.count == texts.count else {
            throw EvaluationError.ownerCount(texts: texts.count, owners: owners.count)
        }
        var captions = [[Int]](repeating: [], count: images.count)
        for (text, owner) in owners.enumerated() {
            guard captions.indices.contains(owner) else {
                throw EvaluationError.ownerOutOfRange(text: text, owner: owner, images: images.count)
            }
            captions[owner].append(text)
        }
        if let image = captions.firstIndex(of: []) { throw EvaluationError.imageWithoutCaption(image: image) }
        imageToText = Recall(ranks: try Self.ranks(of: captions, among: texts, for: images, monitor: monitor))
        textToImage = Recall(
            ranks: try Self.ranks(of: owners.map { [$0] }, among: images, for: texts, monitor: monitor))
    }

    /// How many of `answers` are more similar to each query than the most similar right one.
    private static func ranks(
        of right: [[Int]], among answers: UnitFeatures, for queries: UnitFeatures, monitor: Monitor
    ) throws -> [Int] {
        let results = Locked<[Int]>(Array(repeating: 0, count: queries.count))
        try queries.forEachBlock(with: answers, monitor: monitor) { range, cosines in
            let found = range.map { query in
                rank(of: right[query], in: cosines.row(query - range.lowerBound), count: answers.count)
            }
            results.withLock { $0.replaceSubrange(range, with: found) }
        }
        return results.withLock { $0 }
    }

    private static func rank(of right: [Int], in cosines: UnsafePointer<Float>, count: Int) -> Int {
        guard let best = right.max(by: { (cosines[$0], $1) < (cosines[$1], $0) }) else { return count }
        let cosine = cosines[best]
        var before = 0
        for index in 0..<best { before += cosines[index] >= cosine ? 1 : 0 }
        for index in (best + 1)..<max(count, best + 1) { before += cosines[index] > cosine ? 1 : 0 }
        return before
    }
}
