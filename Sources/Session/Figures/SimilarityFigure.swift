import Foundation
import Images
import Models
import Report
import Tensor

extension Figure {
    /// Who resembles whom in a batch, as cosines and as the probabilities whose entropy is measured.
    static func similarity(
        of model: OpenModel, _ found: [(view: ModelView, entropy: BatchEntropy)], images: PartImages, count: Int,
        temperature: String
    ) throws -> Figure {
        let labels = (0..<count).map { "\($0 + 1)" }
        let thumbnails = try thumbnails(of: images, count: count)
        let cosines = found.flatMap(\.entropy.similarities)
        let lowest = (cosines.min() ?? 0).clamped(to: -1...0.99)
        let largest = (found.flatMap(\.entropy.probabilities).max() ?? 1).clamped(to: 1e-6...1)
        func panel(_ title: String, _ values: [Double], _ scale: Matrix.Scale) -> Panel {
            .matrix(
                Matrix(
                    title: title, rows: count, columns: count, values: values.map(Float.init), scale: scale,
                    labels: labels, thumbnails: thumbnails))
        }
        let similarities = found.map { entry in
            panel(
                "cosine, \(entry.view.title)", entry.entropy.similarities,
                Matrix.Scale("cosine", range: lowest...1))
        }
        let probabilities = found.map { entry in
            panel(
                "probability, \(entry.view.title): E = \(NumberFormat.entropy(entry.entropy.value)) nats",
                entry.entropy.probabilities, Matrix.Scale("probability", range: 0...largest))
        }
        return Figure(
            kind: "similarity", title: "\(model.name): similarities within a batch",
            caption: """
                Row i, column j: the cosine s of the features of images i and j, and p, the softmax of t·s along each row \
                (t=\(temperature)). E is the mean entropy of the rows of p; both change with the number of images.
                """,
            panels: similarities + probabilities, columns: 2)
    }

    /// The pictures as the model sees them, or none where there are none.
    private static func thumbnails(of images: PartImages, count: Int) throws -> [String] {
        guard let preprocessing = images.preprocessing else { return [] }
        let pictures = try images.part.items.prefix(count).map {
            try $0.thumbnail(preprocessing, side: 28)?.png.map { Data($0).base64EncodedString() }
        }
        return pictures.allSatisfy { $0 != nil } ? pictures.compactMap { $0 } : []
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
