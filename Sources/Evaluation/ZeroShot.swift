import Tensor

/// Classification by the most similar class embedding, without training (Radford et al., CLIP).
package struct ZeroShot: Sendable {
    /// The classes' embeddings, of length one.
    let classes: UnitFeatures
    /// How many predictions of an image are kept.
    package static let depth = 5

    /// - Parameter classEmbeddings: (classes, D), of any length
    /// - Throws: `EvaluationError`.
    package init(classEmbeddings: FloatBuffer) throws {
        classes = try UnitFeatures(checking: classEmbeddings, of: .texts)
    }

    /// The embedding of one class: the mean of its templates' embeddings, each of length one, scaled to length one.
    /// - Parameters:
    ///   - texts: (templates, D)
    ///   - index: the class, for errors
    /// - Returns: D values
    /// - Throws: `EvaluationError`.
    package static func classEmbedding(of texts: FloatBuffer, classIndex index: Int) throws -> [Float] {
        let unit = try UnitFeatures(checking: texts, of: .texts)
        var mean = [Double](repeating: 0, count: unit.width)
        for row in 0..<unit.count {
            for column in 0..<unit.width { mean[column] += Double(unit.values.row(row)[column]) }
        }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Float32 embeddings that cancel each other out leave no more than their rounding.
        guard length > 1e-6 * Double(unit.count) else { throw EvaluationError.opposedTemplates(classIndex: index) }
        return mean.map { Float($0 / length) }
    }

    /// The most similar classes of each image, best first, at most `depth`; of equal ones the lower index first.
    /// - Parameter images: (images, D), of any length
    /// - Throws: `EvaluationError`, `Interrupted`.
    package func classify(_ images: FloatBuffer, monitor: Monitor = .none) throws -> [[Int]] {
        let images = try UnitFeatures(checking: images, of: .images)
        guard images.width == classes.width else {
            throw EvaluationError.widths(images: images.width, texts: classes.width)
        }
        let results = Locked<[[Int]]>(Array(repeating: [], count: images.count))
        try images.forEachBlock(with: classes, monitor: monitor) { range, cosines in
            let found = range.map { image in
                largest(Self.depth, of: cosines.row(image - range.lowerBound), count: classes.count)
            }
            results.withLock { $0.replaceSubrange(range, with: found) }
        }
        return results.withLock { $0 }
    }

    /// How often the predictions for images (images, D) are right.
    /// - Throws: `EvaluationError`, `Interrupted`.
    package func evaluate(
        _ images: FloatBuffer, labels: [Int], monitor: Monitor = .none
    ) throws -> ZeroShotAccuracy {
        guard labels.count == images.shape.first ?? 0 else {
            throw EvaluationError.labelCount(images: images.shape.first ?? 0, labels: labels.count)
        }
        if let image = labels.firstIndex(where: { !(0..<classes.count).contains($0) }) {
            throw EvaluationError.labelOutOfRange(image: image, label: labels[image], classes: classes.count)
        }
        return ZeroShotAccuracy(
            predictions: try classify(images, monitor: monitor), labels: labels, classes: classes.count)
    }
}

/// How often zero-shot predictions are right.
package struct ZeroShotAccuracy: Sendable, Hashable, Codable {
    /// The images of one class.
    package struct Class: Sendable, Hashable, Codable {
        package fileprivate(set) var images = 0
        /// Images whose first prediction is right.
        package fileprivate(set) var top1 = 0
        /// Images of which one of the first five predictions is right.
        package fileprivate(set) var top5 = 0

        /// The share of right first predictions, 0...1; nil without images.
        package var accuracy: Double? { images == 0 ? nil : Double(top1) / Double(images) }
    }

    package let perClass: [Class]
    package var images: Int { perClass.reduce(0) { $0 + $1.images } }
    /// The share of images whose first prediction is right, 0...1.
    package var top1: Double { share(\.top1) }
    /// The share of images of which one of the first five predictions is right, 0...1.
    package var top5: Double { share(\.top5) }
    /// The mean accuracy of the classes that have images, 0...1.
    package var meanPerClass: Double {
        let shares = perClass.compactMap(\.accuracy)
        return shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
    }

    init(predictions: [[Int]], labels: [Int], classes: Int) {
        var perClass = [Class](repeating: Class(), count: classes)
        for (prediction, label) in zip(predictions, labels) {
            perClass[label].images += 1
            if prediction.first == label { perClass[label].top1 += 1 }
            if prediction.contains(label) { perClass[label].top5 += 1 }
        }
        self.perClass = perClass
    }

    private func share(_ count: KeyPath<Class, Int>) -> Double {
        images == 0 ? 0 : Double(perClass.reduce(0) { $0 + $1[keyPath: count] }) / Double(images)
    }
}
