import Foundation
import Tensor

/// Learned position embeddings, fitted to the patch grid of the images at hand as the family's library does it.
final class PositionTable: Sendable {
    private let weights: FloatView
    private let positions: Positions
    private let width: Int
    private let fitted = Locked<[Extent: FloatView]>([:])

    /// - Parameter weights: (…, prefix + patches, width).
    init(weights: FloatView, positions: Positions, width: Int) {
        self.weights = weights
        self.positions = positions
        self.width = width
    }

    /// The positions of the leading tokens (prefix, width), for those that have one.
    var prefix: FloatView { FloatView(shape: [positions.prefix, width], base: weights.base, owner: weights.storage) }

    /// The patches' positions (patches, width) on a grid.
    func patches(on grid: Extent) -> FloatView {
        let own = FloatView(
            shape: [positions.grid.area, width], base: weights.base + positions.prefix * width, owner: weights.storage)
        if grid == positions.grid { return own }
        return fitted.withLock { cache in
            if let known = cache[grid] { return known }
            let result = Self.resample(own, from: positions.grid, to: grid, by: positions.resampling)
            cache[grid] = result
            return result
        }
    }

    /// Separable bicubic interpolation of a grid of vectors (height, width, channels).
    static func resample(
        _ source: FloatView, from: Extent, to: Extent, by resampling: Positions.Resampling
    ) -> FloatView {
        let width = source.shape[1]
        let columns = taps(from: from.width, to: to.width, resampling)
        let rows = taps(from: from.height, to: to.height, resampling)
        var wide = [Double](repeating: 0, count: from.height * to.width * width)
        for y in 0..<from.height {
            for (x, taps) in columns.enumerated() {
                let target = (y * to.width + x) * width
                for (index, weight) in taps {
                    let base = source.base + (y * from.width + index) * width
                    for c in 0..<width { wide[target + c] += weight * Double(base[c]) }
                }
            }
        }
        let result = FloatBuffer([to.area, width])
        for (y, taps) in rows.enumerated() {
            for x in 0..<to.width {
                var sums = [Double](repeating: 0, count: width)
                for (index, weight) in taps {
                    let base = (index * to.width + x) * width
                    for c in 0..<width { sums[c] += weight * wide[base + c] }
                }
                for c in 0..<width { result.pointer[(y * to.width + x) * width + c] = Float(sums[c]) }
            }
        }
        return FloatView(result)
    }

    /// The way back through `resample`: ∂E/∂ the resampled grid (to, width) → ∂E/∂ the source (from, width).
    static func resampleBackward(
        gradient: UnsafePointer<Float>, width: Int, from: Extent, to: Extent, by resampling: Positions.Resampling,
        into source: UnsafeMutablePointer<Float>
    ) {
        let columns = taps(from: from.width, to: to.width, resampling)
        let rows = taps(from: from.height, to: to.height, resampling)
        var wide = [Double](repeating: 0, count: from.height * to.width * width)
        for (y, taps) in rows.enumerated() {
            for x in 0..<to.width {
                let above = gradient + (y * to.width + x) * width
                for (index, weight) in taps {
                    let target = (index * to.width + x) * width
                    for c in 0..<width { wide[target + c] += weight * Double(above[c]) }
                }
            }
        }
        var sums = [Double](repeating: 0, count: from.area * width)
        for y in 0..<from.height {
            for (x, taps) in columns.enumerated() {
                let above = (y * to.width + x) * width
                for (index, weight) in taps {
                    let target = (y * from.width + index) * width
                    for c in 0..<width { sums[target + c] += weight * wide[above + c] }
                }
            }
        }
        for i in sums.indices { source[i] = Float(sums[i]) }
    }

    /// For each output position the input positions it draws on, with their weights.
    static func taps(from: Int, to: Int, _ resampling: Positions.Resampling) -> [[(index: Int, weight: Double)]] {
        let scale = Double(from) / Double(to)
        switch resampling {
        case .bicubic, .shiftedBicubic:
            let scale = resampling == .bicubic ? scale : Double(from) / (Double(to) + 0.1)
            return (0..<to).map { x in
                let centre = (Double(x) + 0.5) * scale - 0.5
                let first = Int(centre.rounded(.down))
                // At the border the outermost value is used again.
                return (-1...2).map { step in
                    let index = min(max(first + step, 0), from - 1)
                    return (index, cubic(centre - Double(first + step), a: -0.75))
                }
            }
        case .antialiasedBicubic:
            let stretch = max(scale, 1)
            let support = 2 * stretch
            return (0..<to).map { x in
                let centre = (Double(x) + 0.5) * scale
                let first = max(Int(centre - support + 0.5), 0)
                let last = min(Int(centre + support + 0.5), from)
                let weights = (first..<last).map { cubic((Double($0) - centre + 0.5) / stretch, a: -0.5) }
                let sum = weights.reduce(0, +)
                return zip(first..<last, weights).map { ($0, $1 / sum) }
            }
        }
    }

    /// Keys' cubic convolution kernel.
    private static func cubic(_ distance: Double, a: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
