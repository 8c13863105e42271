import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Diversity scores")
struct DiversityTests {
    /// The order of selection as it is written down: every row is brought up to date after each pick.
    private func naive(_ rows: [[Double]]) -> [Int] {
        func square(_ row: [Double]) -> Double { row.reduce(0) { $0 + $1 * $1 } }
        let least = (rows.map(square).max() ?? 0) * 1e-12
        var rest = Array(rows.indices)
        var order: [Int] = []
        var isExhausted = rows.first?.isEmpty ?? true
        while !rest.isEmpty, !isExhausted {
            var left = rows
            for _ in 0..<rows[0].count {
                guard let next = rest.max(by: { (square(left[$0]), $1) < (square(left[$1]), $0) }) else { break }
                guard square(left[next]) > least else {
                    isExhausted = true
                    break
                }
                let length = square(left[next]).squareRoot()
                let unit = left[next].map { $0 / length }
                for row in rest {
                    let share = zip(unit, left[row]).reduce(0) { $0 + $1.0 * $1.1 }
                    left[row] = zip(left[row], unit).map { $0 - share * $1 }
                }
                order.append(next)
                rest.removeAll { $0 == next }
            }
        }
        return order + rest.sorted { (square(rows[$0]), $1) > (square(rows[$1]), $0) }
    }

    @Test("by hand: three picks a round, the second round from the original rows")
    func byHand() {
        let rows: [[Double]] = [[3, 0, 0], [2.9, 0.1, 0], [0, 2, 0], [0, 1.9, 0.5], [0, 0, 1], [1, 1, 1]]
        #expect(DiversityScorer.order(rows) == [0, 2, 4, 1, 3, 5])
    }

    @Test(
        "of rows with nothing new left follow by length, of equal ones the first",
        arguments: [
            ([[1, 0], [2, 0], [3, 0], [0, 0]], [2, 1, 0, 3]),
            ([[1, 1], [1, 1], [1, 1]], [0, 1, 2]),
            ([[0, 2], [2, 0], [0, 2], [2, 0]], [0, 1, 2, 3]),
            ([[0, 0], [0, 0]], [0, 1]),
            ([[], []], [0, 1]),
            ([], []),
        ] as [([[Double]], [Int])])
    func degenerate(_ rows: [[Double]], _ expected: [Int]) {
        #expect(DiversityScorer.order(rows) == expected)
        #expect(naive(rows) == expected)
    }

    @Test("are those of the plain algorithm", arguments: [(20, 3), (40, 17), (33, 33), (10, 40), (120, 32)])
    func plain(_ count: Int, _ width: Int) {
        var numbers = Numbers(seed: count)
        let rows = (0..<count).map { _ in numbers.floats(width).map(Double.init) }
        #expect(DiversityScorer.order(rows) == naive(rows))
        // Rows that depend on a few others.
        let few = (0..<count).map { _ in
            let (a, b) = (Double(numbers.float()), Double(numbers.float()))
            return zip(rows[0], rows[1]).map { a * $0 + b * $1 }
        }
        #expect(Set(DiversityScorer.order(few)) == Set(0..<count))
        #expect(DiversityScorer.order(few).prefix(2) == naive(few).prefix(2))
    }

    @Test("rank a model's layers by their input rows, gate and value side by side", arguments: [false, true])
    func model(isGated: Bool) throws {
        let sizes = TinyModel.Sizes(hidden: [20, 9], seed: 3)
        let model = isGated ? TinyModel.timmEVA(sizes) : TinyModel.timm(sizes)
        let names = isGated ? ["fc1_g", "fc1_x"] : ["fc1"]
        let matrices = try names.map { try #require(model["blocks.0.mlp.\($0).weight"]).values }
        let rows = (0..<20).map { neuron in matrices.flatMap { $0[(neuron * 8)..<(neuron * 8 + 8)].map(Double.init) } }
        let scores = try DiversityScorer(transformer: model.transformer(), layers: [0]).score()
        #expect(scores.layers[1] == nil)
        let layer = try #require(scores.layers[0])
        #expect(layer.order() == naive(rows))
        #expect(layer.ranking.sorted() == (1...20).map(Double.init))
        #expect(layer.signed == layer.ranking)
    }

    @Test("stop when asked to")
    func interruption() throws {
        let scorer = try DiversityScorer(transformer: TinyModel.timm(.init()).transformer(), layers: [0, 1])
        #expect(throws: Interrupted.self) { try scorer.score(monitor: Monitor(isCancelled: { true })) }
    }
}
