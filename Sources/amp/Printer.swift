import Foundation
import Language
import Report
import Session

/// Writes answers and diagnostics to the terminal, or wherever the output goes.
struct Printer {
    private(set) var output: Screen
    private(set) var errors: Screen
    private(set) var presentation = Presentation()
    private let options: OutputOptions
    private var figures: FigureScreen

    init(_ options: OutputOptions) {
        self.options = options
        output = .output(colour: options.color)
        errors = .error(colour: options.color)
        figures = FigureScreen(output)
    }

    /// Shows everything from now on as the settings say; what the command line says goes before them.
    mutating func follow(_ presentation: Presentation) {
        guard presentation != self.presentation else { return }
        self.presentation = presentation
        output = .output(colour: colour)
        errors = .error(colour: colour)
        // Without a setting the environment may still say.
        figures = FigureScreen(
            output, choice: Graphics(rawValue: presentation.graphics.rawValue).flatMap { $0 == .auto ? nil : $0 })
    }

    var colour: Screen.ColourChoice {
        guard options.color == .auto else { return options.color }
        return switch presentation.color {
        case .auto: .auto
        case .always: .always
        case .never: .never
        }
    }

    /// Rings at the end of work that nobody has waited for.
    func ring(after seconds: Double) {
        guard seconds > Self.longWork, presentation.bell, tellsMore, let screen = terminal else { return }
        screen.write("\u{07}")
    }

    private static let longWork = 10.0

    /// The one of the two screens that is a terminal, for what is no text.
    var terminal: Screen? { [errors, output].first { $0.isTerminal && $0.knowsSequences } }

    var isQuiet: Bool { options.quiet }
    var writesJSON: Bool { options.json }
    /// Whether there is anyone to tell more than results.
    var tellsMore: Bool { !options.quiet && !options.json }

    private func renderer(_ screen: Screen, indent: Int = 0) -> TextRenderer {
        TextRenderer(
            width: screen.width, color: screen.hasColour, unicode: screen.hasUnicode, indent: indent,
            depth: screen.depth)
    }

    /// Shows a script's sentence before its answer, numbered as at the prompt.
    func echo(_ sentence: String, number: Int) {
        guard !options.json, !options.quiet else { return }
        let start = renderer(output).inline("\(strong: "[\(number)]") ")
        output.write(start + SentenceColours.paint(sentence, hasColour: output.hasColour) + "\n")
    }

    /// Writes an answer; its diagnostic points into `source`.
    ///
    /// - Parameter place: where the sentence stands in a script, for diagnostics that point nowhere themselves.
    func say(_ answer: Engine.Answer, in source: Source?, at place: SourceSpan? = nil) {
        let problem = answer.diagnostic.map { diagnostic in place.map(diagnostic.placed) ?? diagnostic }
        if options.json {
            let record = SentenceRecord(
                number: answer.number, sentence: answer.sentence, status: status(answer.status),
                outputs: answer.outputs,
                error: problem.map { fields($0, in: source) })
            output.write(JSONRenderer().render(record) + "\n")
            return
        }
        let shown = options.quiet ? answer.outputs.filter { !isAside($0) } : answer.outputs
        write(shown.filter { !$0.isStatus })
        let status = shown.filter(\.isStatus)
        if !status.isEmpty, !options.quiet {
            // Times differ from run to run: they go where they can't make two transcripts differ.
            let screen = output.isTerminal ? output : errors
            screen.write(renderer(screen, indent: 4).render(status).statusText)
        }
        if let problem { say(problem, in: source) }
    }

    /// Writes outputs in their order, figures as pictures where the terminal has them.
    private func write(_ outputs: [Output]) {
        let renderer = renderer(output, indent: 4)
        for part in outputs {
            if case .figure(let figure) = part, let picture = figures.picture(of: figure, indent: 4) {
                output.write(picture + renderer.render(figure.caption.map { [.line($0)] } ?? []).text)
            } else {
                output.write(renderer.render([part]).text)
            }
        }
    }

    /// Writes what is wrong with a text of which nothing ran.
    func say(_ diagnostics: [Diagnostic], in source: Source) {
        for diagnostic in diagnostics.prefix(Self.mostDiagnostics) { say(diagnostic, in: source) }
        let rest = diagnostics.count - Self.mostDiagnostics
        if rest > 0 { say(Diagnostic("and \(rest) more sentences do not read well"), in: nil) }
    }

    /// More than anyone reads; whoever sees so many has run the wrong file.
    private static let mostDiagnostics = 50

    /// Says apart from any answer what is wrong with a file that amp can do without.
    func warn(_ diagnostic: Diagnostic, in source: Source?) {
        errors.write(diagnostic.rendered(source: source, width: errors.width) + "\n")
    }

    /// Writes a diagnostic with its place in the source.
    func say(_ diagnostic: Diagnostic, in source: Source?) {
        if options.json {
            let line = diagnostic.span.flatMap { span in source.map { $0[$0.line(around: span.start)] } } ?? ""
            let record = SentenceRecord(sentence: line, status: .failed, error: fields(diagnostic, in: source))
            output.write(JSONRenderer().render(record) + "\n")
            return
        }
        guard errors.hasColour else {
            errors.write(diagnostic.rendered(source: source, width: errors.width) + "\n")
            return
        }
        let text = diagnostic.runs(source: source, width: errors.width).map(coloured).joined()
        errors.write(text + "\n")
    }

    /// Says apart from any answer what differs from run to run or from machine to machine.
    func remark(_ text: StyledText) {
        errors.write(renderer(errors, indent: 4).render([.status(text)]).statusText)
    }

    /// Writes outputs that belong to no sentence, or to what stands in front of them.
    func say(_ outputs: [Output], indent: Int = 0) {
        output.write(renderer(output, indent: indent).render(outputs).text)
    }

    /// One line, cut to the width of the window.
    func say(line: StyledText) { output.write(renderer(output).render([.line(line)]).text) }

    /// Writes a record as JSON.
    func say(_ record: SentenceRecord) { output.write(JSONRenderer().render(record) + "\n") }

    /// A line for someone at the keyboard.
    func greet(_ text: StyledText) {
        guard !options.quiet, !options.json else { return }
        output.write(renderer(output).inline(text) + "\n")
    }

    private func isAside(_ output: Output) -> Bool {
        switch output {
        case .note, .status: true
        default: false
        }
    }

    private func coloured(_ run: Diagnostic.Run) -> String {
        let code: String? =
            switch run.style {
            case .severity: "1;31"
            case .message: "1"
            case .caret, .label: "36"
            case .heading: "1;36"
            case .location: "2"
            case .plain, .source: nil
            }
        return code.map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text
    }

    private func status(_ status: CellStatus) -> SentenceRecord.Status {
        switch status {
        case .ok: .ok
        case .failed: .failed
        case .interrupted: .interrupted
        }
    }

    private func fields(_ diagnostic: Diagnostic, in source: Source?) -> Fields {
        var fields: Fields = ["message": .string(diagnostic.message)]
        if let label = diagnostic.label { fields["label"] = .string(label) }
        if !diagnostic.notes.isEmpty { fields["notes"] = Report.Value(diagnostic.notes) }
        if !diagnostic.hints.isEmpty { fields["hints"] = Report.Value(diagnostic.hints) }
        if let span = diagnostic.span, let source {
            let place = source.position(of: span.start)
            fields["line"] = .int(place.line)
            fields["column"] = .int(place.column)
        }
        return fields
    }
}
