import Checkpoints
import Tensor

/// The blocks of OpenAI's and OpenCLIP's transformers, of images and of texts alike.
private func openCLIPTable(block: String) -> TensorTable {
    TensorTable(
        block: block,
        attentionNorm: "ln_1",
        attention: [StackedNames(weights: ["attn.in_proj_weight"], biases: ["attn.in_proj_bias"])],
        attentionOutput: "attn.out_proj",
        attentionScale: "ls_1.gamma",
        mlpNorm: "ln_2",
        mlp: [MLPNames(input: StackedNames("mlp.c_fc"), output: "mlp.c_proj")],
        mlpScale: "ls_2.gamma")
}

extension Dialect.Configuration {
    /// A part of `open_clip_config.json`, or of a `config.json` of the same kind, under `model_cfg` or bare.
    static func openCLIP(_ part: String, of checkpoint: Checkpoint) -> Dialect.Configuration {
        for (json, file) in [
            (checkpoint.openCLIP, Checkpoint.openCLIPName), (checkpoint.config, Checkpoint.configName),
        ] {
            guard let json, var own = (json["model_cfg"] ?? json)[part] else { continue }
            // What is said of the whole model is taken along for its parts.
            own["quick_gelu"] = (json["model_cfg"] ?? json)["quick_gelu"]
            return Dialect.Configuration(json: own, file: file)
        }
        return Dialect.Configuration(json: nil, file: Checkpoint.openCLIPName)
    }
}

extension Dialect {
    /// OpenCLIP's `CLIP` with a vision transformer of its own, and OpenAI's models in the same names.
    static let openCLIP: Dialect = {
        var table = openCLIPTable(block: "transformer.resblocks.#")
        table.classToken = "class_embedding"
        table.patchEmbedding = "conv1"
        table.positions = "positional_embedding"
        table.embeddingNorm = "ln_pre"
        table.finalNorm = "ln_post"
        table.projection = .matrix("proj")
        table.carried = [
            "/text.*", "/transformer.*", "/token_embedding.weight", "/positional_embedding", "/ln_final.*",
            "/text_projection", "/text_projection.*", "/attn_mask", "/logit_scale", "/logit_bias", "/input_resolution",
            "/context_length", "/vocab_size",
        ]
        return Dialect(
            family: Family(name: "open_clip", title: "OpenCLIP", pixels: .clip),
            table: table,
            prefixes: ["visual."],
            configuration: { .openCLIP("vision_cfg", of: $0) },
            architecture: { evidence throws(ModelError) in
                let width = try evidence.shape("conv1.weight", axes: 4)[0]
                let headWidth = try evidence.integer("head_width") ?? 64
                var architecture = try evidence.imageArchitecture(
                    keys: ConfigurationKeys(
                        width: ["width"], patch: ["patch_size"], image: ["image_size"], depth: ["layers"]),
                    defaults: LibraryDefaults(
                        epsilon: evidence.number("norm_kwargs", "eps") ?? 1e-5,
                        activation: evidence.boolean("quick_gelu") == true ? .quickGELU : .gelu,
                        heads: headWidth > 0 && width % headWidth == 0 ? width / headWidth : nil,
                        resampling: .antialiasedBicubic),
                    hidden: (evidence.product(of: width, and: "mlp_ratio"), "mlp_ratio"))
                architecture.projection =
                    evidence.has("proj") ? try evidence.shape("proj", axes: 2)[1] : nil
                architecture.readout = try openCLIPReadout(evidence)
                architecture.normalisesTokens = architecture.readout != .normalisedMean
                return architecture
            },
            text: openCLIPText(prefixes: ["", "text."]))
    }()

    private static func openCLIPReadout(_ evidence: Evidence) throws(ModelError) -> Readout {
        let isMean = try evidence.boolean("global_average_pool") ?? false
        let isAfter = try evidence.boolean("final_ln_after_pool") ?? false
        switch try evidence.string("pool_type") ?? (isMean ? "avg" : "tok") {
        case "tok": return .classToken
        case "avg": return isAfter ? .normalisedMean : .meanOfNormalised
        case let other:
            throw .unsupportedVariant(
                family: evidence.family, what: "pool_type \"\(other)\" (amp has tok and avg)")
        }
    }

    /// The tower of texts of OpenCLIP's and of EVA-CLIP's models.
    static func openCLIPText(prefixes: [String]) -> TextDialect {
        var table = openCLIPTable(block: "transformer.resblocks.#")
        table.words = "token_embedding.weight"
        table.positions = "positional_embedding"
        table.finalNorm = "ln_final"
        table.projection = .matrix("text_projection")
        return TextDialect(
            table: table,
            prefixes: prefixes,
            configuration: { .openCLIP("text_cfg", of: $0) },
            architecture: { evidence throws(ModelError) in
                let pooling = try evidence.string("pool_type") ?? "argmax"
                let isBlind = try evidence.boolean("no_causal_mask") ?? false
                let embedsClass = try evidence.boolean("embed_cls") ?? false
                guard pooling == "argmax", !isBlind, !embedsClass, evidence.has("text_projection") else {
                    throw .unsupportedVariant(family: evidence.family, what: "texts read in another way than CLIP's")
                }
                var architecture = try evidence.textArchitecture(
                    keys: ConfigurationKeys(width: ["width"], depth: ["layers"], heads: ["heads"]),
                    defaults: LibraryDefaults(
                        epsilon: evidence.number("norm_kwargs", "eps") ?? 1e-5,
                        activation: evidence.boolean("quick_gelu") == true ? .quickGELU : .gelu, heads: 8))
                architecture.isCausal = true
                architecture.readout = .endOfText
                architecture.projection = try evidence.shape("text_projection", axes: 2)[1]
                return architecture
            })
    }
}
