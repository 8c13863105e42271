/// The libraries' own model classes that amp reads. A family is one dialect: see `Dialect`.
package enum Family: String, Sendable, Codable, Hashable, CaseIterable {
    case timmViT = "timm_vit"
    case huggingFaceViT = "hf_vit"
    case huggingFaceDINOv2 = "hf_dinov2"

    /// How the family is called in sentences.
    package var title: String {
        switch self {
        case .timmViT: "timm vision transformer"
        case .huggingFaceViT: "Hugging Face ViT"
        case .huggingFaceDINOv2: "Hugging Face DINOv2"
        }
    }
}
