import Language

/// Why a cell did not come to its end, as clients show it.
struct Failure: Content, Error {
    static let type = MessageType.error
    /// "error", "interrupted", or "unmet" for an expectation.
    let ename: String
    let evalue: String
    /// Lines with terminal colours.
    let traceback: [String]

    init(_ diagnostics: [Diagnostic], in source: Source?, isUnmet: Bool = false) {
        ename = isUnmet ? "unmet" : (diagnostics.first?.kind ?? .error).rawValue
        evalue = diagnostics.map(\.message).joined(separator: "; ")
        traceback = diagnostics.map { diagnostic in
            diagnostic.runs(source: source, width: Display.width).map(Self.coloured).joined()
        }
    }

    /// Clients show it on red, light or dark: weight is seen on both, most colours on one.
    private static func coloured(_ run: Diagnostic.Run) -> String {
        let code: String? =
            switch run.style {
            case .severity, .caret: "1;31"
            case .message, .label, .heading: "1"
            case .plain, .source, .location: nil
            }
        return code.map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text
    }
}
