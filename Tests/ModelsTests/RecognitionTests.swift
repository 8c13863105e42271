import Checkpoints
import Models
import Tensor
import Samples
import Testing

@Suite("Families are recognised by their tensors")
struct RecognitionTests {
    /// Heads are 64 wide where nothing says otherwise.
    private static let sizes = TinyModel.Sizes(width: 128, heads: 2, hidden: [12, 12], grid: 3)

    /// What a model without its configuration is taken for.
    struct Bare: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let family: String
        /// Whether a tensor has the width of a head.
        var showsHeads = false
        /// Whether nothing tells where the norms stand.
        var hidesOrder = false
        /// What differs from the model with its configuration.
        var change: @Sendable (inout Architecture) -> Void = { _ in }
        var testDescription: String { model.description }
    }

    private static let models: [Bare] = [
        Bare(model: .timm(sizes), family: "timm_vit"),
        Bare(model: .timm(sizes, layerScale: true, registers: 2), family: "timm_vit"),
        Bare(model: .timm(sizes, pooling: .normalisedMean), family: "timm_vit"),
        Bare(model: .timm(sizes, pooling: .meanOfNormalised), family: "timm_vit"),
        Bare(model: .timm(sizes, pooling: .attentionPool), family: "timm_vit"),
        Bare(model: .timm(sizes, [.distilled]), family: "timm_vit"),
        Bare(model: .timm(sizes, [.headNorms, .packedGate]), family: "timm_vit", showsHeads: true),
        Bare(model: .timmEVA(sizes), family: "timm_eva"),
        Bare(
            model: .timmEVA(sizes, .normsOnBranches), family: "timm_eva", hidesOrder: true,
            change: { $0.normOrder = .before }),
        Bare(model: .timmDINOv3(sizes), family: "timm_rotary", change: { $0.readout = .classToken }),
        Bare(model: .hfViT(sizes), family: "hf_vit"),
        Bare(model: .hfDeiT(sizes), family: "hf_deit"),
        Bare(model: .dinov2(sizes), family: "hf_dinov2"),
        Bare(model: .dinov2(sizes, registers: 2, isGated: true), family: "hf_dinov2"),
        Bare(model: .dinov3(sizes), family: "hf_dinov3"),
        Bare(model: .dinov3(sizes, isGated: true), family: "hf_dinov3"),
        Bare(model: .officialDINOv2(sizes), family: "dinov2"),
        Bare(model: .clip(sizes), family: "hf_clip"),
        Bare(model: .siglip(sizes), family: "hf_siglip"),
        Bare(model: .openCLIP(sizes), family: "open_clip"),
        Bare(model: .evaCLIP(sizes, .gated), family: "eva_clip", showsHeads: true, hidesOrder: true),
        Bare(
            model: .evaCLIP(sizes, .normsOnBranches), family: "eva_clip", hidesOrder: true,
            change: { $0.normOrder = .before }),
        Bare(model: .evaCLIP(sizes, .rootMeanSquare), family: "eva_clip", hidesOrder: true),
        Bare(model: .bert(sizes), family: "hf_bert"),
        Bare(model: .bert(sizes, hasOldNames: true), family: "hf_bert"),
    ]

    @Test("without any configuration", arguments: models)
    func tensorsOnly(_ bare: Bare) throws {
        let found = try bare.model.with { $0.config = nil }.load()
        let configured = try bare.model.load()
        var expected = configured.architecture
        bare.change(&expected)
        if case .image(var image) = expected.embedding, image.positions == nil {
            // Without positions nothing tells the size of images: 14 patches a side, as nearly everywhere.
            image.size = Extent(square: 14 * bare.model.sizes.patch)
            expected.embedding = .image(image)
        }
        #expect(found.architecture == expected)
        #expect(found.architecture.family.name == bare.family)
        #expect(found.architecture.heads == 2)
        #expect(found.architecture.hiddenWidths == [12, 12])
        #expect((found.text == nil) == (configured.text == nil))
        var assumptions = [Assumption.noConfiguration]
        if let positions = found.architecture.image?.positions {
            assumptions.append(.grid(Extent(square: 3), positions: 9 + positions.prefix))
        }
        if !bare.showsHeads { assumptions.append(.heads(2, width: 128)) }
        assumptions.append(.activation(expected.activation))
        if bare.hidesOrder { assumptions.append(.normOrder(.before)) }
        #expect(found.assumptions == assumptions)
        #expect(configured.assumptions == [])
    }

    @Test("with what their configuration says", arguments: TinyModel.variants())
    func configured(_ model: TinyModel) throws {
        let a = try model.load().architecture
        let name = model.description
        func names(_ words: String...) -> Bool { words.contains { name.contains($0) } }
        #expect(a.isGated == names("gate", "groups"))
        #expect(a.norm == (names("RMS") ? .rootMeanSquare : .layer))
        #expect(a.normOrder == (names("on branches") ? .onBranch : names("hf_bert") ? .after : .before))
        #expect(a.normalisesQueriesAndKeys == names("norms of heads"))
        #expect((a.rotary != nil) == names("dinov3", "DINOv3", "eva_clip, gated", "timm_eva, gated"))
        #expect(a.rotary?.pairing == (a.rotary == nil ? nil : names("eva") ? .neighbours : .halves))
        #expect(a.image?.registers == (names("hf_bert") ? nil : names("registers", "v3", "groups") ? 2 : 0))
        #expect(a.image?.hasDistillationToken == (names("hf_bert") ? nil : names("distilled", "deit")))
        #expect((a.readout == .attentionPool) == names("siglip", "attentionPool"))
        #expect((a.projection != nil) == names("with texts", "eva_clip"))
        #expect((a.text != nil) == names("hf_bert"))
        #expect(!a.isCausal)
    }

    @Test("towers of texts are found beside", arguments: [TinyModel.clip(), .openCLIP(), .evaCLIP(.init(), .gated)])
    func towers(_ model: TinyModel) throws {
        let text = try #require(try model.load().text).architecture
        #expect(text.isCausal)
        #expect(text.readout == .endOfText)
        #expect(text.heads == 2)
        #expect(text.hiddenWidths == [12, 12])
        #expect(text.projection == 6)
        #expect(try model.load().textTransformer() != nil)
        #expect(try TinyModel.siglip().load().text == nil, "one that amp can't run is carried along")
    }

    // MARK: What the user says

    @Test("given heads, activation and grid hold where no file says them", arguments: models)
    func given(_ bare: Bare) throws {
        let heads = bare.showsHeads ? 2 : 4
        let given = Given(heads: heads, activation: .relu, grid: Extent(height: 1, width: 9))
        let model = try bare.model.with { $0.config = nil }.load(given: given)
        #expect(model.architecture.heads == heads)
        #expect(model.architecture.activation == .relu)
        if let image = model.architecture.image, image.positions != nil {
            #expect(image.positions?.grid == Extent(height: 1, width: 9))
            #expect(image.size == Extent(height: 2, width: 18))
        }
        #expect(model.assumptions == [.noConfiguration] + (bare.hidesOrder ? [.normOrder(.before)] : []))
    }

    @Test("what amp wrote down when it saved a bare model holds as well")
    func recorded() throws {
        let model = try TinyModel.timm(Self.sizes).with { model in
            model.config = nil
            model.record = [
                "widths": .array([12, 12]), "heads": 4, "activation": "relu", "grid": .array([1, 9]),
            ]
        }.load()
        #expect(model.architecture.heads == 4)
        #expect(model.architecture.activation == .relu)
        #expect(model.architecture.image?.positions?.grid == Extent(height: 1, width: 9))
        #expect(model.assumptions == [.noConfiguration])
    }

    @Test("a given activation counts for more than the configuration's")
    func givenActivation() throws {
        let model = try TinyModel.hfViT().load(given: Given(activation: .quickGELU))
        #expect(model.architecture.activation == .quickGELU)
    }

    @Test("heads and grids that can't be are refused")
    func impossible() throws {
        let bare = TinyModel.timm(Self.sizes).with { $0.config = nil }
        #expect(throws: ModelError.headsDoNotDivide(heads: 3, width: 128)) { try bare.load(given: Given(heads: 3)) }
        let error = #expect(throws: ModelError.self) {
            try bare.load(given: Given(grid: Extent(height: 2, width: 4)))
        }
        guard case .gridDoesNotFit(_, Extent(height: 2, width: 4), "pos_embed", rows: 10)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("with and without their prefix", arguments: ["vit.", "dinov2."])
    func prefix(_ prefix: String) throws {
        let model = (prefix == "vit." ? TinyModel.hfViT() : .dinov2()).with { model in
            model["classifier.weight"] = nil
            model["classifier.bias"] = nil
        }
        let bare = model.with { model in
            for index in model.tensors.indices {
                model.tensors[index].name.replace(prefix, with: "", maxReplacements: 1)
            }
        }
        let (with, without) = (try model.load(), try bare.load())
        #expect(with.architecture == without.architecture)
        #expect(with.key(ofBlock: 1) == prefix + "encoder.layer.1")
        #expect(without.key(ofBlock: 1) == "encoder.layer.1")
        #expect(with.architecture.head == nil)
        let images = model.images(2)
        let features = try [with, without].map {
            try $0.transformer(keeping: KeptNeurons(allOf: 2)).run(images).features.values
        }
        #expect(features[0] == features[1])
    }

    @Test("heads that the user gives may not contradict the configuration")
    func givenHeads() throws {
        #expect(try TinyModel.timm().load(heads: 2).architecture.heads == 2)
        let error = #expect(throws: ModelError.self) { try TinyModel.timm().load(heads: 4) }
        guard case .headsContradict(_, configured: 2, given: 4)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "readouts by what the configuration and the tensors say",
        arguments: [
            (TinyModel.timm(), Readout.classToken), (.timm(pooling: .meanOfNormalised), .meanOfNormalised),
            (.timm(pooling: .normalisedMean), .normalisedMean), (.hfViT(), .classToken), (.dinov2(), .classToken),
        ])
    func readout(_ model: TinyModel, _ expected: Readout) throws {
        let architecture = try model.load().architecture
        #expect(architecture.readout == expected)
        #expect(architecture.head?.input == (model.description == "hf_dinov2" ? .classTokenAndMean : .feature))
    }

    @Test(
        "the activations that configurations name",
        arguments: [
            ("gelu", Activation.gelu), ("gelu_new", .geluTanh), ("quick_gelu", .quickGELU), ("relu", .relu),
            ("silu", .silu),
        ])
    func activations(_ name: String, _ expected: Activation) throws {
        let model = TinyModel.hfViT().with { $0.config?["hidden_act"] = .string(name) }
        #expect(try model.load().architecture.activation == expected)
    }

    @Test("names of classes, unless they only number them")
    func labels() throws {
        func labels(_ names: [String]) throws -> [String]? {
            let members = Dictionary(uniqueKeysWithValues: names.enumerated().map { (String($0), JSON.string($1)) })
            return try TinyModel.hfViT().with { $0.config?["id2label"] = .object(members) }.load().architecture.head?
                .labels
        }
        #expect(try labels(["a", "b", "c", "d", "e"]) == ["a", "b", "c", "d", "e"])
        #expect(try labels((0..<5).map { "LABEL_\($0)" }) == nil)
        #expect(try labels(["a", "b"]) == nil)
    }
}
