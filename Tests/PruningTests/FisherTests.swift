import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("Fisher scores")
struct FisherTests {
    private static let batch = 4
    private static let labels = [0, 3, 1, 4, 2, 2, 0, 1]
    private static let model = TinyModel.timm(.init(hidden: [6, 5], seed: 3))

    enum Kind: CaseIterable, Sendable { case entropy, crossEntropy }

    private func loss(_ kind: Kind, _ images: Range<Int>) -> Loss {
        kind == .entropy ? .entropy(temperature: 5) : .crossEntropy(labels: Array(Self.labels[images]))
    }

    private func score(
        _ kind: Kind, _ images: Range<Int>, _ gathering: TaylorScorer.Gathering, memory: Int = 1 << 30
    ) throws -> Scores {
        let all = Self.model.images(8)
        let part = FloatBuffer([images.count] + all.buffer.shape.dropFirst())
        part.pointer.update(from: all.buffer.row(images.lowerBound), count: part.count)
        return try TaylorScorer(
            transformer: Self.model.transformer(), loss: loss(kind, images), gathering: gathering, batch: Self.batch,
            layers: [0, 1], memoryLimit: memory
        ).score(LoadedImages(part))
    }

    /// The signed Taylor score of one batch is its loss's slope along the neuron's mask, divided by the images.
    @Test("are the squares of each batch's slope along a mask, added up", arguments: Kind.allCases)
    func squares(_ kind: Kind) throws {
        let found = try score(kind, 0..<8, .fisher)
        let batches = try [0..<4, 4..<8].map { try score(kind, $0, .importance) }
        for layer in 0..<2 {
            let slopes = batches.compactMap { $0.layers[layer]?.signed.map { $0 * Double(Self.batch) } }
            let expected = slopes[0].indices.map { neuron in slopes.reduce(0) { $0 + $1[neuron] * $1[neuron] } }
            let own = try #require(found.layers[layer])
            #expect(relativeError(own.ranking, expected) < 1e-9)
            #expect(own.signed == own.ranking)
            #expect(own.batchGradients == BatchGradients(slopes))
        }
        #expect(found.images == 8)
        #expect(found.lossPerBatch == batches.flatMap(\.lossPerBatch))
    }

    @Test("are the same bits within any memory limit and on any number of threads", arguments: Kind.allCases)
    func bits(_ kind: Kind) throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let expected = try score(kind, 0..<8, .fisher)
        for threads in [1, 3] {
            Parallel.threads = threads
            #expect(try score(kind, 0..<8, .fisher, memory: 60_000) == expected)
        }
    }

    // MARK: Rearrangement

    /// As it is written down, with sums made anew each time.
    private func naive(_ batches: [[Double]], _ order: [Int], width: Int) -> [Int] {
        var gone = Set(order.dropFirst(width))
        for candidate in order.prefix(width).reversed() {
            gone.insert(candidate)
            let back = gone.sorted().min {
                length(batches, gone.subtracting([$0])) < length(batches, gone.subtracting([$1]))
            }
            if let back { gone.remove(back) }
        }
        return order.filter { !gone.contains($0) }
    }

    private func length(_ batches: [[Double]], _ neurons: Set<Int>) -> Double {
        batches.reduce(0) { sum, batch in
            let slope = neurons.sorted().reduce(0) { $0 + batch[$1] }
            return sum + slope * slope
        }
    }

    @Test("exchange by hand: neuron 1 goes for neuron 2")
    func byHand() {
        let batches = [[1, -1.1, 0.5, 0.9], [2, -2, 0.5, 0.4]]
        let scores = (0..<4).map { neuron in batches.reduce(0) { $0 + $1[neuron] * $1[neuron] } }
        #expect(zip(scores, [5, 5.21, 0.5, 0.97]).allSatisfy { abs($0 - $1) < 1e-12 })
        let kept = BatchGradients(batches).rearranged([1, 0, 3, 2], width: 2)
        #expect(kept == [0, 2])
    }

    @Test("exchange as the plain algorithm does, and never for longer slopes", arguments: 0..<6)
    func plain(_ seed: Int) {
        var numbers = Numbers(seed: seed + 1)
        let batches = (0..<5).map { _ in numbers.floats(30).map(Double.init) }
        let scores = (0..<30).map { neuron in batches.reduce(0) { $0 + $1[neuron] * $1[neuron] } }
        let order = Scores.Layer(ranking: scores, signed: scores).order()
        for width in [0, 1, 10, 29, 30] {
            let kept = BatchGradients(batches).rearranged(order, width: width)
            #expect(kept == naive(batches, order, width: width))
            #expect(kept.count == width)
            let gone = Set(order).subtracting(kept)
            #expect(length(batches, gone) <= length(batches, Set(order.dropFirst(width))) + 1e-12)
        }
    }
}
