import Tensor

/// Decides from some of the validation batches whether a try would be accepted on all of them.
///
/// The batches are taken in a fixed shuffled order, so that those seen are a random sample of them all. Of each, the
/// difference d between the entropy of the try and that of a reference is known; of the reference all batches are. After n
/// of N batches the mean of all differences lies within t · s/√n · √(1 − n/N) of the mean d̄ of those seen, t being the quantile of Student's
/// distribution with n − 1 degrees of freedom; the last factor is that of drawing without replacement. The chance of a
/// wrong verdict, 1 − confidence, is spent in equal parts on the looks (Bonferroni), so it holds for the try as a whole.
/// After the last batch nothing is uncertain.
package struct PairedTest: Sendable, Hashable {
    package let confidence: Double
    /// N.
    package let batches: Int
    /// After how many batches a verdict is possible, short of all.
    package let looks: [Int]
    /// The batches in the order they are taken.
    package let order: [Int]
    /// The quantile at each look.
    private let quantiles: [Double]

    /// Three differences hardly have a spread to speak of, so that the first look comes after four.
    private static let first = 4

    package init(confidence: Double, batches: Int) {
        self.confidence = confidence
        self.batches = batches
        var looks: [Int] = []
        var next = Self.first
        // A verdict shortly before the end saves nothing and would cost the other looks some of theirs.
        while next * 4 <= batches * 3 || (looks.isEmpty && next < batches) {
            looks.append(next)
            next += max(1, next / 2)
        }
        self.looks = looks
        let error = (1 - confidence) / Double(max(1, looks.count))
        quantiles = looks.map { StudentT(degrees: $0 - 1).quantile(1 - error) }
        var order = Array(0..<batches)
        var generator = SplitMix64(seed: 0)
        generator.shuffle(&order)
        self.order = order
    }

    /// Whether the mean difference over all batches is at most `tolerance`; nil while that is not sure.
    ///
    /// - Parameter differences: of the batches so far, as many as at one of the looks.
    package func verdict(_ differences: [Double], tolerance: Double) -> Bool? {
        guard let look = looks.firstIndex(of: differences.count) else { return nil }
        let n = Double(differences.count)
        let mean = differences.reduce(0, +) / n
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let margin = quantiles[look] * (variance / n * (1 - n / Double(batches))).squareRoot()
        if mean + margin <= tolerance { return true }
        if mean - margin > tolerance { return false }
        return nil
    }
}
