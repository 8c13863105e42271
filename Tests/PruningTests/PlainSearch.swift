import Models
import Pruning
import Samples
import Tensor

/// The search as it is written down: the whole model runs for every try, and nothing is kept.
struct PlainSearch {
    let model: Model
    let images: TinyInputs
    let batch: Int
    let temperature: Double
    let tolerance: Double
    var steps = 6

    struct Decision: Equatable {
        let layer: Int
        let widths: [Int]
        let verdicts: [Bool]
        let kept: [Int]
    }

    struct Result {
        var decisions: [Decision] = []
        var entropies: [Double] = []
        /// How near a try came to the tolerance. Rounding may decide where that is very near.
        var margin = Double.infinity
    }

    private func entropy(_ kept: KeptNeurons) throws -> Double {
        let features = try model.transformer(keeping: kept).run(images).features
        let batches = images.count / batch
        let sum = (0..<batches).map {
            BatchEntropy(
                features: features.row($0 * batch), count: batch, width: features.rowCount, temperature: temperature
            ).value
        }.reduce(0, +)
        return sum / Double(batches)
    }

    func run(layers: [Int], order: (Int) -> [Int]) throws -> Result {
        var kept = KeptNeurons(allOf: model.architecture.depth)
        var result = Result()
        for layer in layers.sorted(by: >) {
            let start = try entropy(kept)
            let order = order(layer)
            var (left, right) = (0, order.count)
            var best = order.count
            var widths: [Int] = []
            var verdicts: [Bool] = []
            for _ in 0..<steps {
                let middle = (left + right) / 2
                let tried = try entropy(kept.keeping(Array(order[..<middle]), of: layer))
                result.entropies.append(tried)
                result.margin = min(result.margin, abs(tried - start - tolerance))
                widths.append(middle)
                verdicts.append(tried - start <= tolerance)
                if tried - start <= tolerance { (right, best) = (middle, middle) } else { left = middle }
            }
            if best < order.count { kept = kept.keeping(Array(order[..<best]), of: layer) }
            result.decisions.append(
                Decision(layer: layer, widths: widths, verdicts: verdicts, kept: Array(order[..<best])))
        }
        return result
    }
}
