/// Renders outputs as a piece of a page that brings its own small style sheet, for notebooks and pages of others.
///
/// It takes colours and fonts from the page around it, in light and in dark.
package struct HTMLRenderer: Sendable, Hashable {
    package init() {}

    /// One element with everything in it; empty where there is nothing to show.
    package func render(_ outputs: [Output]) -> String {
        outputs.isEmpty ? "" : "<div class=\"amp\"><style>\(Self.styleSheet)</style>\(body(of: outputs).markup)</div>"
    }

    /// The same for a page that has the style sheet. What differs from run to run comes last.
    func body(of outputs: [Output]) -> HTML {
        (outputs.filter { !$0.isStatus } + outputs.filter(\.isStatus)).reduce(into: "") { $0 += html($1) }
    }

    private func html(_ output: Output) -> HTML {
        switch output {
        case .line(let text, _): paragraph(text)
        case .note(let text, _): "<p class=\"amp-note\"><b>note:</b> \(text.html)</p>\n"
        case .warning(let text, let hint):
            """
            <p class="amp-warning" role="note"><b>warning:</b> \(text.html)\
            \(hint.map { HTML("<br><b>hint:</b> \($0.html)") } ?? "")</p>

            """
        case .table(let table): html(table)
        case .bars(let bars): html(bars)
        case .trace(let trace): html(trace)
        case .figure(let figure): html(figure)
        case .status(let text, _): "<p class=\"amp-status\">\(text.html)</p>\n"
        }
    }

    /// What is written over several lines is set in columns, as help pages are.
    private func paragraph(_ text: StyledText) -> HTML {
        text.plain.contains(where: \.isNewline) ? "<pre>\(text.html)</pre>\n" : "<p>\(text.html)</p>\n"
    }
}
