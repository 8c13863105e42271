import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

@Suite("A pruned model is a view of its source")
struct ViewTests {
    @Test("pruning twice composes")
    func composition() {
        let once = KeptNeurons(allOf: 3).keeping([5, 1, 3, 0], of: 1)
        #expect(once[0] == nil)
        #expect(once[1] == [5, 1, 3, 0])
        #expect(once.keeping([2, 0], of: 1)[1] == [3, 5])
        #expect(once.keeping([2, 0], of: 1).keeping([1], of: 1)[1] == [5])
        #expect(once.keeping([], of: 1)[1] == [])
        #expect(once.widths(of: [6, 6, 7]) == [6, 4, 7])
        #expect(!once.isEverything)
        #expect(KeptNeurons(allOf: 3).isEverything)
        #expect(KeptNeurons(allOf: 0).isEverything)
    }

    /// Some neurons of each block in some order: all, some, one or none of them.
    private func someKept(_ model: TinyModel, seed: Int) -> KeptNeurons {
        var numbers = Numbers(seed: seed)
        var kept = KeptNeurons(allOf: model.sizes.hidden.count)
        for (block, hidden) in model.sizes.hidden.enumerated() {
            let count = numbers.index(below: hidden + 1)
            if numbers.index(below: 4) > 0 {
                kept = kept.keeping(Array(numbers.permutation(hidden).prefix(count)), of: block)
            }
        }
        return kept
    }

    private func close(_ found: [Float], _ expected: [Float]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 2e-5 }
    }

    @Test(
        "features are those of the whole model with the other neurons' outputs at zero",
        arguments: TinyModel.variants().filter { $0.hiddenNorm == nil }, 0..<6)
    func masked(_ model: TinyModel, _ seed: Int) throws {
        let kept = someKept(model, seed: seed)
        let whole = try model.load()
        let masked = try model.with { model in
            for (block, layout) in whole.layout.blocks.enumerated() {
                guard let neurons = kept[block], var weights = model[layout.mlp.output.weight.name] else { continue }
                let hidden = weights.shape[1]
                for place in weights.values.indices where !neurons.contains(place % hidden) {
                    weights.values[place] = 0
                }
                model[weights.name] = weights
            }
        }.transformer()
        try expectSame(model, try whole.transformer(keeping: kept), masked)
        #expect(whole.widths(keeping: kept) == kept.widths(of: model.sizes.hidden))
    }

    /// A norm of the hidden activations sees only what is kept, so neurons that are gone are no neurons at zero.
    @Test(
        "features are those of a narrower model, hidden norm and all",
        arguments: TinyModel.variants().filter { $0.hiddenNorm != nil }, 0..<6)
    func narrower(_ model: TinyModel, _ seed: Int) throws {
        let kept = someKept(model, seed: seed)
        let whole = try model.load()
        let narrower = model.with { model in
            for (block, layout) in whole.layout.blocks.enumerated() {
                guard let neurons = kept[block], let norm = model.hiddenNorm else { continue }
                let vectors = ["weight", "bias"].map { layout.key + "." + norm + "." + $0 }
                // Two matrices for gate and value, so that every tensor has each neuron once.
                for name in layout.mlp.input.all.map(\.name) + vectors {
                    guard var rows = model[name] else { continue }
                    let size = rows.shape.dropFirst().reduce(1, *)
                    rows.values = neurons.flatMap { rows.values[($0 * size)..<(($0 + 1) * size)] }
                    rows.shape[0] = neurons.count
                    model[name] = rows
                }
                guard var columns = model[layout.mlp.output.weight.name] else { continue }
                let hidden = columns.shape[1]
                columns.values = (0..<columns.shape[0]).flatMap { row in
                    neurons.map { columns.values[row * hidden + $0] }
                }
                columns.shape[1] = neurons.count
                model[columns.name] = columns
            }
            model.record = ["widths": .array(whole.widths(keeping: kept).map { .number(Double($0)) })]
        }
        try expectSame(model, try whole.transformer(keeping: kept), narrower.transformer())
    }

    private func expectSame(_ model: TinyModel, _ a: Transformer, _ b: Transformer) throws {
        let inputs = model.inputs(3)
        let (found, expected) = try (a.run(inputs, wanting: .logits), b.run(inputs, wanting: .logits))
        #expect(close(found.features.values, expected.features.values))
        #expect(close(found.logits?.values ?? [], expected.logits?.values ?? []))
    }

    @Test("parameters are those of the tensors that are saved", arguments: TinyModel.variants(), 0..<3)
    func savedParameters(_ model: TinyModel, _ seed: Int) throws {
        let whole = try model.load()
        let kept = someKept(model, seed: seed)
        let shape = try whole.transformer(keeping: kept).tokens(of: model.inputs(1).shape)
        let saved = whole.tensors(keeping: kept).reduce(0) { $0 + $1.shape.reduce(1, *) }
        #expect(whole.cost(keeping: kept, of: shape).parameters + whole.parametersBeside == saved)
        let hasMore = ["with texts", "eva_clip", "siglip", "bert"].contains { model.description.contains($0) }
        #expect((whole.parametersBeside > 0) == hasMore)
    }

    @Test("parameters and operations by hand")
    func costs() throws {
        // Width 4, two blocks of 6 and 3 hidden neurons, 2×2 patches of 3 channels and 2×2 pixels, 5 classes.
        let model = try TinyModel.timm(.init(width: 4, heads: 2, hidden: [6, 3])).load()
        let image = TokenShape(count: 5, grid: Extent(square: 2), image: Extent(square: 4))
        let whole = model.cost(keeping: KeptNeurons(allOf: 2), of: image)
        // Embedding 4·12 + 4 patches, 4 class token, 5·4 positions; a block 8 + 60 + 20 + 8 beside its MLP; norm 8; head 25.
        #expect(whole.parameters == 52 + 4 + 20 + 2 * 96 + 58 + 31 + 8 + 25)
        #expect(whole.mlpParameters == 58 + 31)
        // Five tokens: embedding 2·4·4·12; attention 2·5·4·16 + 4·25·4; MLP 4·5·4 a neuron; head 2·4·5.
        #expect(whole.flops == 384 + 2 * (640 + 400) + 80 * 9 + 40)
        let pruned = model.cost(keeping: KeptNeurons(allOf: 2).keeping([4, 1], of: 0), of: image)
        #expect(pruned.parameters == whole.parameters - 4 * 9)
        #expect(pruned.mlpParameters == whole.mlpParameters - 4 * 9)
        #expect(pruned.flops == whole.flops - 80 * 4)
        let nothing = model.cost(keeping: KeptNeurons(allOf: 2).keeping([], of: 0).keeping([], of: 1), of: image)
        #expect(nothing.mlpParameters == 4 + 4, "the output biases")
        // Ten tokens of 3×3 patches.
        let largerImage = TokenShape(count: 10, grid: Extent(square: 3), image: Extent(square: 6))
        let larger = model.cost(keeping: KeptNeurons(allOf: 2), of: largerImage)
        #expect(larger.flops == 864 + 2 * (1280 + 1600) + 160 * 9 + 40)
        #expect(larger.parameters == whole.parameters)
    }

    @Test(
        "saved and loaded it gives the same bits",
        arguments: TinyModel.variants(), [ElementType.float32, .float16, .bfloat16])
    func saved(_ model: TinyModel, _ type: ElementType) throws {
        for seed in 0..<3 { try saved(model.stored(as: type), type, kept: someKept(model, seed: seed)) }
    }

    private func saved(_ model: TinyModel, _ type: ElementType, kept: KeptNeurons) throws {
        let source = try model.load()
        let images = model.inputs(3)
        let expected = try source.transformer(keeping: kept).run(images, wanting: .logits)
        try withTemporaryFolder { folder in
            let staged = try StagedFile(target: folder + "/model.safetensors")
            try SafetensorsWriter.write(source.tensors(keeping: kept), metadata: nil, to: staged)
            try staged.commit()
            try #require(model.config).encoded().write(to: URL(fileURLWithPath: folder + "/config.json"))
            let widths = source.widths(keeping: kept).map { JSON.number(Double($0)) }
            try JSON.object(["widths": .array(widths)]).encoded().write(to: URL(fileURLWithPath: folder + "/amp.json"))
            let again = try Model(path: folder)
            let found = try again.transformer(keeping: KeptNeurons(allOf: model.sizes.hidden.count)).run(
                images, wanting: .logits)
            #expect(found.features.values == expected.features.values)
            #expect(found.logits?.values == expected.logits?.values)
            let (old, new) = (source.checkpoint.weights.names, again.checkpoint.weights.names)
            // Tensors without bytes have no place of their own among the others.
            #expect(widths.contains(0) ? old.sorted() == new.sorted() : old == new)
            #expect(again.checkpoint.weights.tensors.values.allSatisfy { $0.type == type })
            #expect(again.architecture == source.architecture(keeping: kept))
            let narrowed = source.layout.blocks.enumerated().filter { kept[$0.offset] != nil }.map(\.element)
            let changed = narrowed.flatMap { block in
                block.mlp.input.all.map(\.name) + [block.mlp.output.weight.name]
                    + (model.hiddenNorm.map { norm in ["weight", "bias"].map { "\(block.key).\(norm).\($0)" } } ?? [])
            }
            for name in again.checkpoint.weights.names where !changed.contains(name) {
                let (old, new) = try (source.checkpoint.weights.bytes(name), again.checkpoint.weights.bytes(name))
                #expect(old.elementsEqual(new), "\(name)")
            }
        }
    }

    @Test("results do not depend on the number of threads", arguments: TinyModel.variants())
    func threads(_ model: TinyModel) throws {
        let images = model.inputs(9, grid: 11)
        let transformer = try model.transformer()
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let results = try [1, 2, 5].map { threads in
            Parallel.threads = threads
            return try transformer.run(images, wanting: [.logits, .hidden])
        }
        for other in results.dropFirst() {
            #expect(other.features.values == results[0].features.values)
            #expect(other.logits?.values == results[0].logits?.values)
            #expect(other.hidden?.values == results[0].hidden?.values)
        }
    }

    @Test("asking for all tokens changes no feature", arguments: TinyModel.variants())
    func allTokens(_ model: TinyModel) throws {
        let transformer = try model.transformer()
        let images = model.inputs(3)
        let features = try transformer.run(images).features.values
        #expect(close(try transformer.run(images, wanting: .hidden).features.values, features))
    }

    @Test("work that was asked to stop throws")
    func interruption() throws {
        let model = TinyModel.timm()
        #expect(throws: Interrupted.self) {
            try model.transformer().run(model.images(2), monitor: Monitor(isCancelled: { true }))
        }
    }
}
