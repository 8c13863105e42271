/// A library whose names and files a model can be written in.
package enum ModelLibrary: String, Sendable, Hashable, CaseIterable {
    case timm
    case huggingFace = "huggingface"
    case openCLIP = "openclip"

    /// How it is called in sentences.
    package var title: String {
        switch self {
        case .timm: "timm"
        case .huggingFace: "Hugging Face"
        case .openCLIP: "OpenCLIP"
        }
    }

    /// Whether a family's files are already the library's own.
    package func owns(_ family: Family) -> Bool {
        switch self {
        case .timm: [Dialect.timmViT, .timmEVA, .timmRotary].contains { $0.family == family }
        case .huggingFace: Dialect.huggingFace.contains { $0.family == family }
        case .openCLIP: family == Dialect.openCLIP.family
        }
    }
}

extension Dialect {
    static let huggingFace: [Dialect] = [
        .huggingFaceViT, .huggingFaceDeiT, .huggingFaceDINOv2, .huggingFaceDINOv3, .huggingFaceCLIP,
        .huggingFaceSigLIP, .huggingFaceBERT,
    ]
}
