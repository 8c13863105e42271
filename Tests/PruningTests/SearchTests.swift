import Models
import Pruning
import Samples
import Tensor
import Testing

@Suite("The search decides as the plain algorithm does")
struct SearchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        var layers = [0, 1, 2]
        var tolerance = 1e-3
        var batch = 4
        var images = 9
        /// Patches a side. With many, the images are worked on in several units.
        var grid = 2
        /// Scores of few different values, so that many are equal.
        var ties = false

        var testDescription: String {
            "\(model), layers \(layers), ΔE \(tolerance), \(images) images of \(grid)×\(grid)\(ties ? ", ties" : "")"
        }
    }

    private static func sizes(_ seed: Int) -> TinyModel.Sizes { .init(hidden: [70, 9, 24], seed: seed) }

    private static let cases: [Case] =
        TinyModel.variants(sizes(1)).map { Case(model: $0, tolerance: 4e-4) }
        + TinyModel.variants(sizes(2)).map { Case(model: $0, tolerance: 1e-4, grid: 11) }
        + [
            Case(model: .timm(sizes(3)), tolerance: 100),
            Case(model: .timm(sizes(3)), tolerance: -100),
            Case(model: .timm(sizes(4)), ties: true),
            Case(model: .dinov2(sizes(5)), layers: [1]),
            Case(model: .hfViT(sizes(5)), layers: [0, 2]),
            Case(model: .timm(sizes(6)), layers: [2], grid: 11),
            Case(model: .timm(sizes(7)), layers: []),
            Case(model: .timm(sizes(8)), tolerance: 0, batch: 3, images: 3),
            Case(model: .timm(.init(hidden: [33], seed: 9)), layers: [0], tolerance: 1e-2),
        ]

    private static func order(_ example: Case, _ layer: Int) -> [Int] {
        var numbers = Numbers(seed: 100 + layer)
        let values = (0..<example.model.sizes.hidden[layer]).map { _ in
            example.ties ? Double(numbers.index(below: 3)) : Double(numbers.float())
        }
        return Scores.Layer(ranking: values, signed: values).order()
    }

    private func search(
        _ example: Case, _ transformer: Transformer, memory: Int, monitor: Monitor = .none
    ) throws -> [LayerPlan] {
        let search = AdaptiveSearch(
            bisection: Bisection(tolerance: example.tolerance),
            measure: ValidationEntropy(temperature: 15, batch: example.batch), layers: example.layers,
            memoryLimit: memory)
        return try search.run(
            transformer, images: example.model.inputs(example.images, grid: example.grid),
            order: { layer, _ in Self.order(example, layer) }, monitor: monitor)
    }

    @Test("with any amount of memory", arguments: cases)
    func plain(_ example: Case) throws {
        let model = try example.model.load()
        let expected = try PlainSearch(
            model: model, images: example.model.inputs(example.images, grid: example.grid), batch: example.batch,
            temperature: 15, tolerance: example.tolerance
        ).run(layers: example.layers) { Self.order(example, $0) }
        let transformer = try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
        // One input of one block of all images.
        let unit = example.images * (example.grid * example.grid + 3) * 8 * 4
        for memory in example.grid > 2 ? [0, 2 * unit, 1 << 30] : [0, unit, 2 * unit, 3 * unit, 5 * unit, 1 << 30] {
            let found = try search(example, transformer, memory: memory)
            #expect(found.map(\.layer) == example.layers.sorted(by: >))
            #expect(found.map(\.hidden) == found.map { example.model.sizes.hidden[$0.layer] })
            // Where a try comes as near to the tolerance as rounding reaches, either verdict is right.
            guard expected.margin > 1e-6 else { continue }
            let decisions = found.map { plan in
                PlainSearch.Decision(
                    layer: plan.layer, widths: plan.tries.map(\.width), verdicts: plan.tries.map(\.accepted),
                    kept: plan.kept)
            }
            #expect(decisions == expected.decisions, "memory \(memory)")
            for (x, y) in zip(found.flatMap(\.tries).map(\.entropy), expected.entropies) { #expect(abs(x - y) < 1e-6) }
        }
    }

    @Test("down to width 0 where everything is accepted, and keeping all where nothing is")
    func extremes() throws {
        let model = TinyModel.timm(Self.sizes(3))
        let all = try search(Case(model: model, tolerance: 100), model.transformer(), memory: 1 << 30)
        #expect(all.map(\.width) == [0, 0, 1])
        let none = try search(Case(model: model, tolerance: -100), model.transformer(), memory: 1 << 30)
        #expect(none.map(\.width) == [24, 9, 70])
        #expect(none.allSatisfy { $0.entropy == nil && $0.end == $0.start })
        #expect(Plan(none).narrowed.isEmpty)
        #expect(Plan(all).narrowed.map(\.layer) == [0, 1, 2])
        #expect(Plan(all).descending.map(\.layer) == [2, 1, 0])
    }

    @Test("to the same bits on any number of threads", arguments: cases.filter { $0.grid > 2 })
    func threads(_ example: Case) throws {
        let transformer = try example.model.transformer()
        let before = Parallel.threads
        defer { Parallel.threads = before }
        for memory in [0, 1 << 30] {
            let results = try [1, 2, 5].map { threads in
                Parallel.threads = threads
                return try search(example, transformer, memory: memory)
            }
            #expect(results[0] == results[1] && results[1] == results[2])
        }
    }

    @Test("the model that a layer's order is asked for has the later layers narrowed")
    func layerWise() throws {
        let model = TinyModel.timm(Self.sizes(3))
        var widths: [[Int]] = []
        let search = AdaptiveSearch(
            bisection: Bisection(tolerance: 100), measure: ValidationEntropy(temperature: 15, batch: 4),
            layers: [0, 1, 2], memoryLimit: 1 << 30)
        var reported: [Int] = []
        let plans = try search.run(
            model.transformer(), images: model.images(4),
            order: { layer, now in
                widths.append(now.blocks.map(\.hiddenWidth))
                return Array(0..<model.sizes.hidden[layer])
            }, found: { reported.append($0.layer) })
        #expect(widths == [[70, 9, 24], [70, 9, 0], [70, 0, 0]])
        #expect(reported == plans.map(\.layer))
    }

    @Test("going on with an entropy measured before gives what one go gives")
    func resumed() throws {
        let model = TinyModel.timm(Self.sizes(1))
        let source = try model.load()
        let whole = KeptNeurons(allOf: 3)
        let example = Case(model: model)
        let all = try search(example, source.transformer(keeping: whole), memory: 1 << 30)
        var kept = whole
        for plan in all.prefix(2) where plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: plan.layer) }
        let rest = AdaptiveSearch(
            bisection: Bisection(tolerance: example.tolerance), measure: ValidationEntropy(temperature: 15, batch: 4),
            layers: [0], memoryLimit: 1 << 30)
        let found = try rest.run(
            source.transformer(keeping: kept), images: model.images(9),
            order: { layer, _ in Self.order(example, layer) },
            start: all[1].end)
        #expect(found.map(\.kept) == all.suffix(1).map(\.kept))
        #expect(found.first?.start == all.last?.start)
    }

    @Test("too few images are refused", arguments: [(4, 3), (4, 0), (0, 3), (1, 3)])
    func tooFew(_ batch: Int, _ images: Int) throws {
        let model = TinyModel.timm(Self.sizes(1))
        let transformer = try model.transformer()
        #expect(throws: PruningError.tooFewImages(needed: max(batch, 2), found: images)) {
            try search(Case(model: model, batch: batch, images: images), transformer, memory: 1 << 30)
        }
    }

    @Test("images that are no numbers are refused by their place")
    func nonFinite() throws {
        let model = TinyModel.timm(Self.sizes(1))
        let images = model.images(8)
        images.buffer.row(5)[1] = .infinity
        let search = AdaptiveSearch(
            bisection: Bisection(tolerance: 1), measure: ValidationEntropy(temperature: 15, batch: 4), layers: [2],
            memoryLimit: 1 << 30)
        #expect(throws: ModelError.nonFiniteFeature(image: 5)) {
            try search.run(model.transformer(), images: images, order: { _, _ in Array(0..<24) })
        }
    }

    @Test("it stops when asked to, wherever it is", arguments: [0, 1, 3, 10, 14])
    func interruption(_ patience: Int) throws {
        let asked = Locked(0)
        let monitor = Monitor(isCancelled: {
            asked.withLock { asked in
                asked += 1
                return asked > patience
            }
        })
        let model = TinyModel.timm(Self.sizes(1))
        let transformer = try model.transformer()
        #expect(throws: Interrupted.self) { try search(Case(model: model), transformer, memory: 0, monitor: monitor) }
    }

    @Test("validation entropy is the mean over full batches")
    func validation() throws {
        var numbers = Numbers(seed: 1)
        let features = numbers.buffer([11, 5])
        let measured = try ValidationEntropy(temperature: 5, batch: 4).measure(features)
        let expected = [0, 4].map {
            BatchEntropy(features: features.row($0), count: 4, width: 5, temperature: 5).value
        }
        #expect(measured.perBatch == expected)
        #expect(abs(measured.mean - (expected[0] + expected[1]) / 2) < 1e-15)
    }
}
