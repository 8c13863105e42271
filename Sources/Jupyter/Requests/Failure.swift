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

    /// Clients show it on red, light or dark: weight can be read on both, and of the colours this one.
    private static func coloured(_ run: Diagnostic.Run) -> String {
        let code: String? =
            switch run.style {
            case .severity, .message: "1"
            case .caret, .heading: "1;36"
            case .plain, .source, .location, .label: nil
            }
        return code.map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text
    }
}
