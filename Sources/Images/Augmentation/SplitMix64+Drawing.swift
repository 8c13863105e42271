import Glibc
import Tensor

extension SplitMix64 {
    /// The generator of one step for one image in one epoch.
    ///
    /// Neither threads nor the order of images nor a run that was interrupted changes what is drawn, and a step that is
    /// switched on leaves the others' draws as they were.
    init(seed: UInt64, epoch: Int, image: Int, step: AugmentationStep) {
        var generator = SplitMix64(seed: seed)
        for number in [UInt64(truncatingIfNeeded: epoch), UInt64(truncatingIfNeeded: image), step.rawValue] {
            generator = SplitMix64(seed: generator.next() ^ number)
        }
        self = generator
    }

    /// Evenly distributed in 0..<1, in steps of 2⁻⁵³.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
    }

    /// A number whose logarithm is evenly distributed. The range begins above 0.
    mutating func logarithmic(in range: ClosedRange<Double>) -> Double {
        exp(uniform(in: log(range.lowerBound)...log(range.upperBound)))
    }

    /// Two independent values of mean 0 and deviation 1, by Marsaglia's polar method.
    mutating func normals() -> (Double, Double) {
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            return (x * factor, y * factor)
        }
    }
}
