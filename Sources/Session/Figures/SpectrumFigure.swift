import Images
import Models
import Report
import Tensor

/// The eigenvalues of the covariance of features: along how many directions a set of images is spread out.
struct FeatureSpectrum: Codable {
    /// Shares of the whole variance, the largest first.
    let shares: [Double]

    /// (Σλ)² / Σλ²: how many directions of equal variance would be as spread out.
    var effectiveRank: Double {
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        return squares > 0 ? 1 / squares : 0
    }

    /// nil where all features are the same, or are no numbers.
    ///
    /// - Parameter features: (images, width)
    init?(_ features: FloatBuffer) {
        let (count, width) = (features.shape[0], features.rowCount)
        guard count > 1, width > 0 else { return nil }
        var centred = [Double](repeating: 0, count: count * width)
        for column in 0..<width {
            var sum = 0.0
            for row in 0..<count { sum += Double(features.row(row)[column]) }
            let mean = sum / Double(count)
            for row in 0..<count { centred[row * width + column] = Double(features.row(row)[column]) - mean }
        }
        // X·Xᵀ and Xᵀ·X have the same eigenvalues that are not zero; the smaller of them is enough.
        let order = min(count, width)
        let gram: [Double]
        if count <= width {
            gram = multiplyDouble(count, count, width, centred, centred, .transposed)
        } else {
            var turned = [Double](repeating: 0, count: count * width)
            for row in 0..<count {
                for column in 0..<width { turned[column * count + row] = centred[row * width + column] }
            }
            gram = multiplyDouble(width, width, count, turned, turned, .transposed)
        }
        guard let values = eigenvalues(ofSymmetric: gram, order: order) else { return nil }
        let positive = values.map { max($0, 0) }
        let total = positive.reduce(0, +)
        guard total > 0 else { return nil }
        shares = positive.map { $0 / total }
    }
}

extension Figure {
    /// The spectrum of features, as loaded and as the model is or would be.
    static func spectrum(
        of model: OpenModel, _ found: [(view: ModelView, spectrum: FeatureSpectrum)], images: Int
    ) -> Figure {
        // What rounding leaves of directions that do not exist is not drawn.
        let least = 1e-7
        let series = found.enumerated().map { index, entry in
            Chart.Series(
                entry.view.title, mark: .line, tone: index == 0 && found.count > 1 ? .faint : .number(0),
                points: entry.spectrum.shares.enumerated().filter { $0.element > least }.map {
                    Chart.Point(Double($0.offset + 1), $0.element * 100)
                })
        }
        let ranks = found.map { "\($0.view.title) \(NumberFormat.fixed($0.spectrum.effectiveRank, digits: 1))" }
        return Figure(
            kind: "spectrum", title: "\(model.name): spectrum of its features",
            caption: """
                Eigenvalues of the covariance of the features of \(images) images. Effective rank: \
                \(ranks.joined(separator: ", ")).
                """,
            panels: [
                .chart(
                    Chart(
                        x: Chart.Axis("direction"),
                        y: Chart.Axis("share of the variance", unit: "%", scale: .logarithmic), series: series))
            ])
    }
}
