import Checkpoints
import Models
import Tensor
import Samples
import Testing

@Suite("Families are recognised by their tensors")
struct RecognitionTests {
    /// Heads are 64 wide where nothing says otherwise.
    private static let sizes = TinyModel.Sizes(width: 128, heads: 2, hidden: [12, 12], grid: 3)
    private static let models: [(TinyModel, String)] = [
        (.timm(sizes), "timm_vit"), (.timm(sizes, layerScale: true, registers: 2), "timm_vit"),
        (.timm(sizes, pooling: .normalisedMean), "timm_vit"), (.hfViT(sizes), "hf_vit"),
        (.dinov2(sizes), "hf_dinov2"),
    ]

    @Test("without any configuration", arguments: models)
    func tensorsOnly(_ model: TinyModel, _ family: String) throws {
        let found = try model.with { $0.config = nil }.load()
        let configured = try model.load()
        #expect(found.architecture == configured.architecture)
        #expect(found.architecture.family.name == family)
        #expect(found.architecture.heads == 2)
        #expect(found.architecture.hiddenWidths == [12, 12])
        #expect(found.architecture.image?.size == Extent(square: 6))
        #expect(found.architecture.head?.classes == 5)
        let positions = found.architecture.image?.positions
        #expect(
            found.assumptions == [
                .noConfiguration, .grid(Extent(square: 3), positions: 9 + (positions?.prefix ?? 0)),
                .heads(2, width: 128), .activation(.gelu),
            ])
        #expect(configured.assumptions == [])
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
