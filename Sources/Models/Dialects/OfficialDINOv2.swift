import Checkpoints
import Tensor

extension Dialect {
    /// DINOv2 as its authors publish it: no configuration, `mask_token` beside the other tokens, SwiGLU packed in `w12`.
    static let officialDINOv2 = Dialect(
        family: Family(name: "dinov2", title: "official DINOv2"),
        table: TensorTable(
            classToken: "cls_token",
            registers: "register_tokens",
            patchEmbedding: "patch_embed.proj",
            positions: "pos_embed",
            block: "blocks.#",
            attentionNorm: "norm1",
            attention: [StackedNames("attn.qkv")],
            attentionOutput: "attn.proj",
            attentionScale: "ls1.gamma",
            mlpNorm: "norm2",
            mlp: [
                MLPNames(input: StackedNames("mlp.w12"), output: "mlp.w3"),
                MLPNames(input: StackedNames("mlp.fc1"), output: "mlp.fc2"),
            ],
            mlpScale: "ls2.gamma",
            finalNorm: "norm",
            carried: ["mask_token", "dino_head.*", "ibot_head.*"]),
        marks: ["mask_token", "register_tokens", "blocks.#.mlp.w12.weight"],
        // No file says more than the tensors in the wild; the arguments of the class may be written down as `kwargs`.
        configuration: { .part("kwargs", of: $0) },
        architecture: { evidence throws(ModelError) in
            let hasRegisters = evidence.has("register_tokens")
            let antialiases = try evidence.boolean("interpolate_antialias") ?? hasRegisters
            let offset = try evidence.number("interpolate_offset") ?? (hasRegisters ? 0 : 0.1)
            guard offset == 0 || offset == 0.1 && !antialiases else {
                throw evidence.unusable(
                    "interpolate_offset", expected: "0, or 0.1 without antialias", found: "\(offset)")
            }
            return try evidence.imageArchitecture(
                keys: ConfigurationKeys(
                    width: ["embed_dim"], patch: ["patch_size"], image: ["img_size"], depth: ["depth"],
                    heads: ["num_heads"]),
                defaults: LibraryDefaults(
                    epsilon: 1e-6, activation: evidence.isGated ? .silu : .gelu,
                    resampling: antialiases ? .antialiasedBicubic : offset == 0 ? .bicubic : .shiftedBicubic))
        })
}
