import Checkpoints
import Models

// Models that two libraries have, in each one's form.
extension TinyModel {
    /// Each with the libraries it can be written for.
    package static let counterparts: [(model: TinyModel, libraries: [ModelLibrary])] = [
        (timm(.vision), [.huggingFace]), (timm(.encoder).titled("without a classifier"), [.huggingFace]),
        (timm(.vision, [.distilled]), [.huggingFace]),
        (timmDINOv2(), [.huggingFace]), (timmDINOv2(registers: 2), [.huggingFace]),
        (timmDINOv2(registers: 2, isGated: true), [.huggingFace]),
        (hfViT(.vision).withTimmEpsilon, [.timm]), (hfDeiT(.vision).withTimmEpsilon, [.timm]),
        (dinov2(.encoder), [.timm]), (dinov2(.encoder, registers: 2), [.timm]),
        (dinov2(.encoder, gate: .packed), [.timm]), (dinov2(.encoder, registers: 1, gate: .separate), [.timm]),
        (plainDINOv2(), [.timm, .huggingFace]), (plainDINOv2(registers: 2), [.timm, .huggingFace]),
        (plainDINOv2(isGated: true), [.timm, .huggingFace]),
        (smallOpenCLIP(), [.huggingFace]), (smallCLIP(), [.openCLIP]),
    ]

    /// timm's DINOv2. With registers its positions are those of the patches alone.
    package static func timmDINOv2(
        _ sizes: Sizes = .encoder, registers: Int = 0, isGated: Bool = false
    ) -> TinyModel {
        let variants: [TimmVariant?] = [registers > 0 ? .patchPositions : nil, isGated ? .packedGate : nil]
        return timm(sizes, layerScale: true, registers: registers, Set(variants.compactMap { $0 }))
    }

    /// DINOv2 as its authors publish it.
    package static func plainDINOv2(registers: Int = 0, isGated: Bool = false) -> TinyModel {
        officialDINOv2(.encoder, registers: registers, isGated: isGated, isGrouped: false)
    }

    private static let texts = TextSizes(width: 4, hidden: [8])

    package static func smallOpenCLIP() -> TinyModel {
        openCLIP(.encoder, text: texts, layerScale: false).with { $0.config?["model_cfg"]?["quick_gelu"] = true }
    }

    /// With another activation than the one that OpenAI's models have, and another epsilon for images than for texts.
    package static func smallCLIP() -> TinyModel {
        clip(.encoder, text: texts).with { model in
            model.config?["vision_config"]?["layer_norm_eps"] = .number(1e-6)
            for part in ["vision_config", "text_config"] { model.config?[part]?["hidden_act"] = "gelu" }
        }
    }

    /// Hugging Face's own epsilon is one that timm can't say.
    private var withTimmEpsilon: TinyModel { with { $0.config?["layer_norm_eps"] = .number(1e-6) } }

    private func titled(_ words: String) -> TinyModel { with { $0.description += ", " + words } }
}

extension TinyModel.Sizes {
    /// Hidden widths that every library's configuration can say.
    package static let vision = TinyModel.Sizes(hidden: [16, 16])
    package static let encoder = TinyModel.Sizes(hidden: [16, 16], classes: nil)
}
