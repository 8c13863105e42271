import Tensor

/// Adds up what all units of some inputs left behind: work in parts of fixed size, which threads share.
///
/// Every part writes to a place of its own and adds in a fixed order, so the sums are the same on any number of threads.
struct Reduction {
    private var jobs: [@Sendable () -> Void] = []
    /// Whether to add to what is there, from inputs before these.
    let accumulating: Bool

    /// Rows of a weight's gradient that one part computes. More make the library copy the other operand less often.
    private static let slab = 192

    init(accumulating: Bool) { self.accumulating = accumulating }

    func run() throws { try Parallel.forEach(jobs.count) { [jobs] in jobs[$0]() } }

    mutating func add(_ job: @escaping @Sendable () -> Void) { jobs.append(job) }

    /// One operand of a product over rows: columns from `column` on of a matrix whose rows are `stride` floats apart.
    struct Operand {
        let values: FloatBuffer
        let stride: Int
        var column = 0

        func from(_ more: Int) -> Operand { Operand(values: values, stride: stride, column: column + more) }
        var base: UnsafeMutablePointer<Float> { values.pointer + column }
    }

    /// target (outputs, inputs) = dyᵀ·x over `rows` rows.
    mutating func product(
        into target: FloatBuffer?, outputs: Int, inputs: Int, _ dy: Operand, _ x: Operand, rows: Int
    ) {
        guard let target, inputs > 0 else { return }
        for first in stride(from: 0, to: outputs, by: Self.slab) {
            add { [accumulating] in
                multiplyTransposingLeft(
                    min(Self.slab, outputs - first), inputs, rows, dy.base + first, lda: dy.stride, x.base,
                    ldb: x.stride, into: target.pointer + first * inputs, ldc: inputs, accumulating: accumulating)
            }
        }
    }

    /// target (columns) = Σ over rows of dy.
    mutating func sum(into target: FloatBuffer?, at place: Int = 0, columns: Int, _ dy: Operand, rows: Int) {
        guard let target else { return }
        for first in stride(from: 0, to: columns, by: 2 * Self.slab) {
            add { [accumulating] in
                sumRows(
                    dy.base + first, stride: dy.stride, rows: rows, columns: min(2 * Self.slab, columns - first),
                    into: target.pointer + place + first, accumulating: accumulating)
            }
        }
    }

    mutating func linear(
        _ layer: LayerReference?, _ gradients: Gradients, _ dy: Operand, _ x: Operand, inputs: Int, rows: Int
    ) {
        guard let layer else { return }
        let outputs = layer.weight.shape[0]
        product(into: gradients[layer.weight], outputs: outputs, inputs: inputs, dy, x, rows: rows)
        sum(into: gradients[layer.bias], columns: outputs, dy, rows: rows)
    }

    /// Layers side by side, whose outputs follow one another in dy.
    mutating func stacked(
        _ layers: StackedReference, _ gradients: Gradients, _ dy: Operand, _ x: Operand, inputs: Int, rows: Int
    ) {
        var first = 0
        for weight in layers.weights {
            product(
                into: gradients[weight], outputs: weight.shape[0], inputs: inputs, dy.from(first), x, rows: rows)
            first += weight.shape[0]
        }
        for (bias, place) in layers.biasPlaces {
            sum(into: gradients[bias], columns: bias.shape[0], dy.from(place), rows: rows)
        }
    }

    /// A norm's weight and bias from each unit's sums (units, 2, columns).
    mutating func norm(_ layer: LayerReference?, _ gradients: Gradients, _ sums: FloatBuffer, columns: Int, units: Int)
    {
        guard let layer else { return }
        let own = Operand(values: sums, stride: 2 * columns)
        sum(into: gradients[layer.weight], columns: columns, own, rows: units)
        sum(into: gradients[layer.bias], columns: columns, own.from(columns), rows: units)
    }
}

extension Reduction.Operand: @unchecked Sendable {}

extension StackedReference {
    /// The biases that are there, with the output each begins at.
    var biasPlaces: [(bias: TensorReference, first: Int)] {
        let outputs = weights.map { $0.shape[0] }
        // Biases of their own over packed matrices (q and v, but not k) share the outputs evenly.
        let sizes =
            biases.count == outputs.count
            ? outputs : Array(repeating: outputs.reduce(0, +) / max(1, biases.count), count: biases.count)
        var first = 0
        var result: [(TensorReference, Int)] = []
        for (bias, size) in zip(biases, sizes) {
            if let bias { result.append((bias, first)) }
            first += size
        }
        return result
    }
}
