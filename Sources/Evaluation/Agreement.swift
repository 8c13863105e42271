import Tensor

/// How far a pruned model answers as the original does.
package struct Agreement: Sendable, Hashable {
    /// What is compared for each image.
    package enum Measure: String, Sendable, Hashable, Codable {
        /// The class with the largest logit.
        case top1
        /// The most similar other image of the same set.
        case nearestNeighbour
    }

    package let measure: Measure
    /// The share of images with the same answer, 0...1.
    package let share: Double
    /// The mean cosine between the two models' features of an image.
    package let cosine: Double

    /// By the classes that the logits (images, classes) of both models name.
    package init(
        logits: FloatBuffer, originalLogits: FloatBuffer, features: UnitFeatures, originalFeatures: UnitFeatures
    ) {
        measure = .top1
        share = Self.share(topClasses(logits), topClasses(originalLogits))
        cosine = Self.meanCosine(features, originalFeatures)
    }

    /// By each image's nearest neighbour among the others, for models without a classifier.
    package init(features: UnitFeatures, originalFeatures: UnitFeatures, monitor: Monitor = .none) throws {
        measure = .nearestNeighbour
        share = Self.share(
            try Self.neighbours(features, monitor: monitor), try Self.neighbours(originalFeatures, monitor: monitor))
        cosine = Self.meanCosine(features, originalFeatures)
    }

    private static func share(_ found: [Int], _ expected: [Int]) -> Double {
        guard !found.isEmpty else { return 1 }
        return Double(zip(found, expected).count { $0 == $1 }) / Double(found.count)
    }

    private static func neighbours(_ features: UnitFeatures, monitor: Monitor) throws -> [Int] {
        let size = 64
        let results = Locked<[Int]>(Array(repeating: -1, count: features.count))
        try Parallel.forEach((features.count + size - 1) / size) { block in
            try monitor.check()
            let range = (block * size)..<min((block + 1) * size, features.count)
            let cosines = features.cosines(range, with: features)
            let found = range.map { image in
                let row = cosines.row(image - range.lowerBound)
                row[image] = -.infinity
                return largest(1, of: row, count: features.count).first ?? -1
            }
            results.withLock { $0.replaceSubrange(range, with: found) }
        }
        return results.withLock { $0 }
    }

    private static func meanCosine(_ left: UnitFeatures, _ right: UnitFeatures) -> Double {
        guard left.count > 0 else { return 1 }
        var sum = 0.0
        for i in 0..<(left.count * left.width) {
            sum += Double(left.values.pointer[i]) * Double(right.values.pointer[i])
        }
        return sum / Double(left.count)
    }
}

/// The class of the largest logit of each image; the first of equal ones.
package func topClasses(_ logits: FloatBuffer) -> [Int] {
    (0..<logits.shape[0]).map { row in
        largest(1, of: logits.row(row), count: logits.rowCount).first ?? 0
    }
}

/// The share of predictions that equal the labels, 0...1.
package func accuracy(_ predictions: [Int], _ labels: [Int]) -> Double {
    guard !predictions.isEmpty else { return 0 }
    return Double(zip(predictions, labels).count { $0 == $1 }) / Double(predictions.count)
}
