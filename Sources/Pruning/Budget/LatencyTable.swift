import Models
import Tensor

/// How long a forward pass takes, by the hidden widths of the blocks: measured at a few widths, a straight line in between.
///
/// It holds for one machine, number of threads, input shape and batch.
package struct LatencyTable: Sendable, Hashable, Codable {
    /// Blocks that take equally long.
    struct Kind: Sendable, Hashable, Codable {
        let blocks: [Int]
        /// By rising width; the last is the whole one.
        let points: [Point]
    }

    struct Point: Sendable, Hashable, Codable {
        let width: Int
        /// What one block of that width saves, as a share of the whole pass.
        let saved: Double
    }

    /// Of the unpruned model.
    package let wholeSeconds: Double
    private let kinds: [Kind]

    init(wholeSeconds: Double, kinds: [Kind]) {
        self.wholeSeconds = wholeSeconds
        self.kinds = kinds
    }

    /// The seconds of a pass through blocks of those widths.
    package func time(_ widths: [Int]) -> Double {
        let saved = kinds.reduce(0) { sum, kind in
            kind.blocks.reduce(sum) { $0 + Self.saved(widths[$1], kind.points) }
        }
        return wholeSeconds * max(0, 1 - saved)
    }

    private static func saved(_ width: Int, _ points: [Point]) -> Double {
        guard let above = points.firstIndex(where: { $0.width >= width }) else { return 0 }
        guard above > 0 else { return points[above].saved }
        let (low, high) = (points[above - 1], points[above])
        let place = Double(width - low.width) / Double(high.width - low.width)
        return low.saved + place * (high.saved - low.saved)
    }
}

extension LatencyTable {
    /// What decides how long a block takes.
    private struct Shape: Hashable {
        let hidden: Int
        let rows: Int
    }

    /// Measures a model: for each kind of block, all of them together at a few widths, beside the whole model each time.
    ///
    /// - Parameters:
    ///   - transformer: the unpruned model.
    ///   - inputs: what one pass computes.
    package init(measuring transformer: Transformer, inputs: some InputSource, monitor: Monitor = .none) throws {
        let tokens = try transformer.tokens(of: inputs.shape).count
        let shapes = Dictionary(grouping: transformer.blocks.indices) { index in
            Shape(
                hidden: transformer.blocks[index].hiddenWidth,
                rows: transformer.rows(ofBlock: index).count(of: tokens))
        }
        let sorted = shapes.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }
        let total = sorted.reduce(0) { $0 + Self.widths(of: $1.key.hidden).count }
        var done = 0
        var wholes: [Double] = []
        var kinds: [Kind] = []
        for (shape, blocks) in sorted {
            var points = [Point(width: shape.hidden, saved: 0)]
            // From wide to narrow, so that noise never makes a narrower block the slower one.
            for width in Self.widths(of: shape.hidden).reversed() {
                let narrow = try blocks.reduce(transformer) { model, block in
                    model.replacing(block, with: try model.blocks[block].keeping(Array(0..<width)))
                }
                let measured = try Comparison(narrow, beside: transformer, inputs: inputs, monitor: monitor)
                wholes.append(measured.wholeSeconds)
                let saved = (1 - measured.share) / Double(blocks.count)
                points.append(Point(width: width, saved: max(saved, points.last?.saved ?? 0)))
                done += 1
                monitor.progress(done, of: total)
            }
            kinds.append(Kind(blocks: blocks, points: points.reversed()))
        }
        self.init(wholeSeconds: median(wholes), kinds: kinds)
    }

    /// None, and three widths between it and all.
    private static func widths(of hidden: Int) -> [Int] {
        Set([1, hidden / 4, hidden / 2, hidden * 3 / 4]).filter { $0 > 0 && $0 < hidden }.sorted()
    }

    /// The times of two models, measured in turn so that what else the machine does meets both.
    package struct Comparison: Sendable {
        /// The first model's time as a share of the second's.
        package let share: Double
        package let wholeSeconds: Double

        private static let repeats = 7

        package init(
            _ model: Transformer, beside whole: Transformer, inputs: some InputSource, monitor: Monitor = .none
        ) throws {
            func seconds(_ transformer: Transformer) throws -> Double {
                try monitor.check()
                let clock = ContinuousClock()
                let begun = clock.now
                _ = try transformer.run(inputs)
                return begun.duration(to: clock.now) / .seconds(1)
            }
            // The first pass packs weights.
            _ = try (seconds(model), seconds(whole))
            let pairs = try (0..<Self.repeats).map { _ in (model: try seconds(model), whole: try seconds(whole)) }
            share = median(pairs.map { $0.model / $0.whole })
            wholeSeconds = median(pairs.map(\.whole))
        }
    }
}

private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
