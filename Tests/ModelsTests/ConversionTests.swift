import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing

@Suite("A model in another library's form")
struct ConversionTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let library: ModelLibrary
        var testDescription: String { "\(model) as \(library.rawValue)" }
    }

    static let pairs = TinyModel.counterparts.flatMap { entry in
        entry.libraries.map { Pair(model: entry.model, library: $0) }
    }

    /// Writes what a conversion gives, loads it again and hands it on.
    private func converted<Result>(
        _ model: Model, keeping kept: KeptNeurons, to library: ModelLibrary,
        _ body: (Model, Conversion) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            let conversion = try Conversion(of: model, keeping: kept, to: library)
            let file = try StagedFile(target: folder + "/" + Checkpoint.weightsName)
            try SafetensorsWriter.write(conversion.tensors, metadata: nil, to: file)
            try file.commit()
            let widths = model.widths(keeping: kept).map { JSON.number(Double($0)) }
            for (name, json) in [
                (conversion.configurationName, conversion.configuration),
                (Checkpoint.pruningRecordName, JSON.object(["widths": .array(widths)])),
            ] {
                try json.encoded().write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            return try body(Model(path: folder), conversion)
        }
    }

    private func loaded<Result>(_ model: TinyModel, _ body: (Model) throws -> Result) throws -> Result {
        try withTemporaryFolder { folder in
            try model.write(to: folder)
            return try body(Model(path: folder))
        }
    }

    private func close(_ found: [Float], _ expected: [Float]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 2e-6 }
    }

    private func everything(_ model: Model) -> KeptNeurons { KeptNeurons(allOf: model.architecture.depth) }

    /// Fewer neurons in the first block, in another order; in the last one none.
    private func some(_ model: Model) -> KeptNeurons {
        everything(model).keeping([5, 0, 9, 3, 12], of: 0).keeping([], of: model.architecture.depth - 1)
    }

    @Test(
        "computes the very same features and logits, whole and pruned", arguments: pairs,
        [ElementType.float32, .float16, .bfloat16])
    func features(_ pair: Pair, _ type: ElementType) throws {
        let images = pair.model.images(3)
        try loaded(pair.model.stored(as: type)) { source in
            for kept in [everything(source), some(source)] {
                let expected = try source.transformer(keeping: kept).run(images, wanting: .logits)
                try converted(source, keeping: kept, to: pair.library) { target, conversion in
                    #expect(pair.library.owns(target.architecture.family))
                    #expect(!pair.library.owns(source.architecture.family))
                    #expect(target.architecture.hiddenWidths == source.widths(keeping: kept))
                    let found = try target.transformer(keeping: everything(target)).run(images, wanting: .logits)
                    // One matrix product in place of two may round otherwise.
                    if pair.model.description.contains("separate") {
                        #expect(close(found.features.values, expected.features.values))
                        return
                    }
                    #expect(found.features.values == expected.features.values)
                    #expect(found.logits?.values == expected.logits?.values)
                    #expect(
                        try target.transformer(keeping: everything(target)).project(found.features)?.values
                            == source.transformer(keeping: kept).project(expected.features)?.values)
                    // The configuration tells what the conversion said.
                    var said = conversion.architecture
                    said.hiddenWidths = target.architecture.hiddenWidths
                    said.normalisesTokens = target.architecture.normalisesTokens
                    #expect(target.architecture.activation == said.activation)
                    #expect(target.architecture.normEpsilon == said.normEpsilon)
                    #expect(target.architecture.heads == said.heads)
                    #expect(target.architecture.image?.positions == said.image?.positions)
                    // Nothing is of another type than before.
                    #expect(conversion.tensors.allSatisfy { $0.type == type })
                    #expect(Set(conversion.tensors.map(\.name)).count == conversion.tensors.count)
                }
            }
        }
    }

    @Test("computes the same of texts, where it has a tower for them", arguments: pairs)
    func texts(_ pair: Pair) throws {
        let texts = LoadedTexts(TokenBatch(length: 5, ids: [18, 3, 4, 19, 0, 18, 7, 19, 1, 1]))
        try loaded(pair.model) { source in
            guard let tower = try source.textTransformer() else { return }
            let expected = try tower.project(tower.run(texts).features)
            try converted(source, keeping: everything(source), to: pair.library) { target, _ in
                let other = try #require(try target.textTransformer())
                #expect(try other.project(other.run(texts).features)?.values == expected?.values)
            }
        }
    }

    @Test("comes back byte for byte", arguments: pairs.filter { !$0.model.description.hasPrefix("official") })
    func roundTrip(_ pair: Pair) throws {
        try loaded(pair.model) { source in
            let home = try #require(ModelLibrary.allCases.first { $0.owns(source.architecture.family) })
            try converted(source, keeping: everything(source), to: pair.library) { target, _ in
                try converted(target, keeping: everything(target), to: home) { again, conversion in
                    for name in source.checkpoint.weights.names {
                        // Separate gates come back packed, timm knows no mask token, and says positions of registers.
                        guard again.checkpoint.weights.tensors[name] != nil else { continue }
                        if name.hasSuffix("mask_token") { continue }
                        let bytes = try again.checkpoint.weights.bytes(name)
                        #expect(try bytes.elementsEqual(source.checkpoint.weights.bytes(name)), "\(name)")
                    }
                    let lost = source.checkpoint.weights.names.filter { again.checkpoint.weights.tensors[$0] == nil }
                    #expect(lost.allSatisfy { $0.contains("_proj") }, "\(lost)")
                }
            }
        }
    }

    @Test("is built with the width of before, however often it was pruned")
    func sourceWidth() throws {
        try loaded(.timm(.vision)) { source in
            try converted(source, keeping: some(source), to: .huggingFace) { _, conversion in
                #expect(conversion.configuration["intermediate_size"]?.int == 16)
            }
        }
        let narrowed = TinyModel.timm(.init(hidden: [3, 5])).with { model in
            let layers: [JSON] = [["source_width": 9], ["source_width": 10]]
            let earlier: [JSON] = [["source_width": 16], ["source_width": 16]]
            model.record = [
                "widths": .array([3, 5]), "layers": .array(layers),
                "source": ["record": ["layers": .array(earlier)]],
            ]
        }
        try loaded(narrowed) { source in
            let conversion = try Conversion(of: source, keeping: everything(source), to: .huggingFace)
            #expect(conversion.configuration["intermediate_size"]?.int == 16)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let model: TinyModel
        let library: ModelLibrary
        let part: ModelPart
        var testDescription: String { "\(model) as \(library.rawValue)" }
    }

    static let refusals: [Refusal] = [
        Refusal(
            model: .timm(pooling: .meanOfNormalised), library: .huggingFace, part: .noClassToken),
        Refusal(
            model: TinyModel.timm(.vision).with { $0.config?["global_pool"] = "avg" }, library: .huggingFace,
            part: .readout(.meanOfNormalised)),
        Refusal(model: .timm(.vision, registers: 2), library: .huggingFace, part: .registers),
        Refusal(model: .timm(.vision, layerScale: true), library: .huggingFace, part: .head(.feature)),
        Refusal(
            model: .timm(.encoder, layerScale: true, registers: 2), library: .huggingFace, part: .registerPositions),
        Refusal(
            model: TinyModel.timm(.vision).with { model in
                for block in 0..<2 {
                    for norm in ["q_norm", "k_norm"] {
                        for leaf in ["weight", "bias"] {
                            let name = "blocks.\(block).attn.\(norm).\(leaf)"
                            model[name] = TinyModel.Weights(name, [4], [1, 1, 1, 1])
                        }
                    }
                }
            }, library: .huggingFace, part: .headNorms),
        Refusal(
            model: TinyModel.timm(.vision).with { model in
                for block in 0..<2 { model["blocks.\(block).attn.proj.bias"] = nil }
            }, library: .huggingFace, part: .noBias(layer: "blocks.0.attn.proj.weight")),
        Refusal(
            model: .timmDINOv2(.init(hidden: [12, 12], classes: nil)), library: .huggingFace,
            part: .hiddenWidth(12, width: 8, gated: false)),
        Refusal(
            model: .timmDINOv2(.init(hidden: [12, 12], classes: nil), isGated: true), library: .huggingFace,
            part: .hiddenWidth(12, width: 8, gated: true)),
        Refusal(model: .dinov2(.vision), library: .timm, part: .head(.classTokenAndMean)),
        Refusal(
            model: TinyModel.hfViT(.vision).with { $0.config?["layer_norm_eps"] = .number(1e-3) }, library: .timm,
            part: .normEpsilon(1e-3)),
        Refusal(
            model: TinyModel.smallCLIP().with { $0.config?["text_config"]?["hidden_act"] = "relu" }, library: .openCLIP,
            part: .activations(.gelu, .relu)),
        Refusal(
            model: TinyModel.smallCLIP().with { $0.config?["text_config"]?["eos_token_id"] = 7 }, library: .openCLIP,
            part: .endOfText(7, vocabulary: 20)),
    ]

    @Test("is not written where the other class lacks a part, and the part is named", arguments: refusals)
    func refused(_ refusal: Refusal) throws {
        try loaded(refusal.model) { source in
            let error = #expect(throws: ConversionError.self) {
                try Conversion(of: source, keeping: everything(source), to: refusal.library)
            }
            guard case .cannotExpress(let part, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(part == refusal.part)
        }
    }

    @Test("is refused where the library has no such model, with those that have one")
    func noCounterpart() throws {
        try loaded(.timm(.vision)) { source in
            #expect(
                throws: ConversionError.noCounterpart(
                    family: source.architecture.family, library: .openCLIP, libraries: [.huggingFace])
            ) { try Conversion(of: source, keeping: everything(source), to: .openCLIP) }
        }
    }

    @Test("says what is left out and what is computed otherwise")
    func notes() throws {
        func notes(_ model: TinyModel, _ library: ModelLibrary) throws -> [ConversionNote] {
            try loaded(model) { try Conversion(of: $0, keeping: everything($0), to: library).notes }
        }
        let size = Extent(square: 4)
        let shifted = ConversionNote.resampling(source: .shiftedBicubic, target: .antialiasedBicubic, size: size)
        #expect(try notes(.plainDINOv2(), .timm) == [shifted, .leftOut(tensors: ["mask_token"])])
        #expect(
            try notes(.plainDINOv2(), .huggingFace)
                == [.resampling(source: .shiftedBicubic, target: .bicubic, size: size)])
        #expect(try notes(.timmDINOv2(registers: 2), .huggingFace) == [])
        #expect(
            try notes(.hfViT(.vision), .timm)
                == [
                    .normEpsilon(source: 1e-12, target: 1e-6, library: .timm),
                    .resampling(source: .bicubic, target: .antialiasedBicubic, size: size),
                ])
        #expect(
            try notes(.timm(.encoder), .huggingFace)
                == [
                    .resampling(source: .antialiasedBicubic, target: .bicubic, size: size),
                    .noPooler(className: "ViTModel"),
                ])
    }
}
