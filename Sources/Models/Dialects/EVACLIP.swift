import Checkpoints
import Tensor

extension Dialect {
    /// EVA-CLIP's models: EVA-01 and EVA02-E with norms on the branches, EVA-02 with gates, norms inside the branches and
    /// rotary positions, EVA-CLIP-8B and 18B with RMS norms.
    static let evaCLIP = Dialect(
        family: Family(name: "eva_clip", title: "EVA-CLIP", pixels: .clip),
        table: TensorTable(
            classToken: "cls_token",
            patchEmbedding: "patch_embed.proj",
            positions: "pos_embed",
            block: "blocks.#",
            attentionNorm: "norm1",
            attention: [
                StackedNames(
                    weights: ["attn.q_proj.weight", "attn.k_proj.weight", "attn.v_proj.weight"],
                    biases: ["attn.q_bias", "attn.k_bias", "attn.v_bias"]),
                StackedNames(weights: ["attn.qkv.weight"], biases: ["attn.q_bias", "attn.k_bias", "attn.v_bias"]),
            ],
            answerNorm: "attn.inner_attn_ln",
            attentionOutput: "attn.proj",
            attentionScale: "gamma_1",
            mlpNorm: "norm2",
            mlp: [
                MLPNames(input: StackedNames("mlp.w1", "mlp.w2"), hiddenNorm: "mlp.ffn_ln", output: "mlp.w3"),
                MLPNames(input: StackedNames("mlp.fc1"), hiddenNorm: "mlp.ffn_ln", output: "mlp.fc2"),
            ],
            mlpScale: "gamma_2",
            finalNorm: "norm",
            projection: .layer("head"),
            rotaryCosines: "rope.freqs_cos",
            rotarySines: "rope.freqs_sin",
            carried: ["mask_token", "lm_head.*", "/text.*", "/logit_scale"],
            constants: ["blocks.#.attn.rope.*"]),
        prefixes: ["visual.", ""],
        marks: ["/visual.patch_embed.proj.weight", "rope.freqs_cos", "blocks.#.mlp.w1.weight"],
        configuration: { .openCLIP("vision_cfg", of: $0) },
        architecture: { evidence throws(ModelError) in
            let width = try evidence.shape("patch_embed.proj.weight", axes: 4)[0]
            let headWidth = try evidence.integer("head_width") ?? 64
            var architecture = try evidence.imageArchitecture(
                keys: ConfigurationKeys(
                    width: ["width"], patch: ["patch_size"], image: ["image_size"], depth: ["layers"]),
                defaults: LibraryDefaults(
                    epsilon: 1e-6, activation: evidence.isGated ? .silu : .gelu,
                    heads: headWidth > 0 && width % headWidth == 0 ? width / headWidth : nil),
                hidden: (evidence.product(of: width, and: "mlp_ratio"), "mlp_ratio"))
            let isRMS = try evidence.boolean("use_rms_norm") ?? !evidence.has("norm.bias")
            architecture.norm = isRMS ? .rootMeanSquare : .layer
            architecture.normOrder = try evaNormOrder(evidence)
            if try evidence.boolean("rope") ?? evidence.has("rope.freqs_cos") {
                let reference = try evidence.number("pt_hw_seq_len") ?? 16
                let isStretched = try evidence.boolean("intp_freq") ?? true
                architecture.rotary = Rotary(
                    pairing: .neighbours,
                    frequencies: .indexed(base: 10_000, reference: isStretched ? reference : nil))
            }
            if try evidence.boolean("use_mean_pooling") == true { architecture.readout = .normalisedMean }
            if evidence.has("head.weight") {
                architecture.projection = try evidence.shape("head.weight", axes: 2)[0]
            }
            return architecture
        },
        text: openCLIPText(prefixes: ["text."]))
}

/// Nothing in the tensors shows where the norms stand.
private func evaNormOrder(_ evidence: Evidence) throws(ModelError) -> NormOrder {
    if let isAfter = try evidence.boolean("postnorm") { return isAfter ? .onBranch : .before }
    if evidence.config == nil { evidence.note(.normOrder(.before)) }
    return .before
}
