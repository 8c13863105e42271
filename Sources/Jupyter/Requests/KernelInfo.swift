import Language
import Session

/// What the kernel is, and how its language is to be shown.
struct KernelInfoReply: Content {
    static let type = MessageType.kernelInfoReply

    struct LanguageInfo: Encodable {
        /// Editors have no mode for amp. The shell's comes nearest: comments, strings, numbers, `$names`, `for … in`.
        struct EditorMode: Encodable { let name = "shell" }

        let name = "amp"
        let version = "\(Script.languageVersion)"
        let mimetype = "text/x-amp"
        let fileExtension = ".amp"
        let pygmentsLexer = "bash"
        let codemirrorMode = EditorMode()
        let nbconvertExporter = "script"
    }

    struct HelpLink: Encodable {
        let text: String
        let url: String
    }

    let status = Outcome.ok
    let protocolVersion = Header.protocolVersion
    let implementation = "amp"
    let implementationVersion = Engine.version
    let languageInfo = LanguageInfo()
    let banner = "amp \(Engine.version) · 'help' or 'help start'"
    let debugger = false
    let helpLinks = [HelpLink(text: "AMP: Adaptive MLP Pruning", url: "https://arxiv.org/abs/2603.08100")]
    let supportedFeatures: [String] = []
}
