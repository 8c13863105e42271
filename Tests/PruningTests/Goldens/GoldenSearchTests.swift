import Checkpoints
import Models
import Pruning
import Tensor
import Testing

@Suite("The search decides as the official algorithm", .enabled(if: !Golden.all.isEmpty, "needs ../shared/goldens"))
struct GoldenSearchTests {
    /// How much of the unchanging work is kept: all of it, inputs of few blocks, or nothing.
    enum Memory: CaseIterable, Sendable {
        case ample, tight, none

        func limit(_ transformer: Transformer, tokens: Int, images: Int) -> Int {
            switch self {
            case .ample: 1 << 30
            case .tight: 3 * images * tokens * transformer.architecture.width * 4
            case .none: 0
            }
        }
    }

    private func search(_ golden: Golden, _ name: String, memory: Memory, layerWise: Bool) throws {
        let trace = try golden.json(name)
        let model = try golden.model()
        let whole = KeptNeurons(allOf: model.architecture.depth)
        let transformer = try model.transformer(keeping: whole)
        let layers = Array(0..<model.architecture.depth)
        let images = try golden.inputs()
        let validation = try golden.inputs("_val")
        let batch = try golden.batch
        let t = try #require(trace["temp_inv"]?.double)
        let tokens = try transformer.tokens(of: validation.shape).count
        func scorer(_ transformer: Transformer, _ layers: Set<Int>) -> TaylorScorer {
            TaylorScorer(
                transformer: transformer, loss: .entropy(temperature: t), batch: batch, layers: layers,
                memoryLimit: 1 << 30)
        }
        let fixed = try scorer(transformer, Set(layers)).score(images)
        let search = AdaptiveSearch(
            bisection: Bisection(
                steps: try #require(trace["steps"]?.int), tolerance: try #require(trace["threshold"]?.double)),
            measure: ValidationEntropy(temperature: t, batch: batch), layers: layers,
            memoryLimit: memory.limit(transformer, tokens: tokens, images: validation.count))
        let found = try search.run(
            transformer, images: validation,
            order: { layer, now in
                let scores = layerWise ? try scorer(now, [layer]).score(images) : fixed
                return try #require(scores.layers[layer]).order()
            })
        let expected = try #require(trace["layers"]?.array)
        #expect(found.count == expected.count)
        var kept = whole
        for (plan, reference) in zip(found, expected) {
            let at = "\(golden.testDescription) layer \(plan.layer)"
            #expect(plan.layer == reference["layer"]?.int, "\(at): order of layers")
            #expect(plan.hidden == reference["hidden"]?.int, "\(at): hidden width")
            #expect(abs(plan.start - (reference["loss_prev"]?.double ?? .nan)) < 1e-5, "\(at): starting entropy")
            let steps = try #require(reference["steps"]?.array)
            #expect(plan.tries.map(\.width) == steps.map { $0["mid"]?.int }, "\(at): tried widths")
            #expect(plan.tries.map(\.left) == steps.map { $0["left"]?.int }, "\(at): left bounds")
            #expect(plan.tries.map(\.right) == steps.map { $0["right"]?.int }, "\(at): right bounds")
            #expect(plan.tries.map(\.accepted) == steps.map { $0["accepted"]?.bool }, "\(at): verdicts")
            for (tried, step) in zip(plan.tries, steps) {
                #expect(
                    abs(tried.entropy - (step["loss"]?.double ?? .nan)) < 1e-5, "\(at): entropy at \(tried.width)")
            }
            #expect(plan.width == reference["result_size"]?.int, "\(at): width found")
            #expect(plan.kept == reference["kept"]?.array?.compactMap(\.int), "\(at): kept neurons")
            if plan.width < plan.hidden { kept = kept.keeping(plan.kept, of: plan.layer) }
        }
        try checkPruned(golden, model, kept, layerWise: layerWise, trace: trace)
    }

    private func checkPruned(
        _ golden: Golden, _ model: Model, _ kept: KeptNeurons, layerWise: Bool, trace: JSON
    ) throws {
        let file = try golden.file("expected.safetensors")
        let images = try golden.inputs()
        let pruned = try model.transformer(keeping: kept)
        let outputs = try pruned.run(images, wanting: .logits)
        let prefix = layerWise ? "layer_wise." : "search."
        try expectAgreement(
            golden, prefix + "pruned_features", outputs.features.values.map(Double.init), in: file)
        if let logits = outputs.logits {
            try expectAgreement(golden, prefix + "pruned_logits", logits.values.map(Double.init), in: file)
        }
        let validation = try pruned.run(golden.inputs("_val"))
        try expectAgreement(
            golden, prefix + "pruned_features_val", validation.features.values.map(Double.init), in: file)
        let shape = try pruned.tokens(of: images.shape)
        let depth = model.architecture.depth
        // A library that fits the positions at loading counts the fitted ones; amp counts those of the file.
        if let image = model.architecture.image, image.size != shape.image { return }
        if let before = trace["params_before"]?.int {
            #expect(
                model.cost(keeping: KeptNeurons(allOf: depth), of: shape).parameters == before,
                "\(golden.testDescription): parameters before")
        }
        if let after = trace["params_after"]?.int {
            #expect(
                model.cost(keeping: kept, of: shape).parameters == after,
                "\(golden.testDescription): parameters after")
        }
    }

    @Test("every try, verdict and kept neuron", arguments: Golden.all, Memory.allCases)
    func adaptive(_ golden: Golden, memory: Memory) throws {
        try search(golden, "search.json", memory: memory, layerWise: false)
    }

    @Test("scored anew before each layer", arguments: Golden.layerWise)
    func layerWise(_ golden: Golden) throws {
        try search(golden, "search_layer_wise.json", memory: .ample, layerWise: true)
    }
}
