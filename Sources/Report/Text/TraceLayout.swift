/// Where the columns of a search trace are, so that rows written one by one stand under each other.
///
/// The first of these forms that fits is taken:
/// a line a layer with words; a line a layer under a header; the tries on lines of their own; the entropy as well.
package struct TraceLayout: Sendable, Hashable {
    private enum Form: CaseIterable { case words, header, twoLines, threeLines }

    private let width: Int
    private let glyphs: Glyphs
    private let labelWidth: Int
    /// Of the widths' figures.
    private let digits: Int
    private let steps: Int
    private let form: Form

    init(labels: [StyledText], widest: Int, steps: Int, width: Int, glyphs: Glyphs) {
        self.width = width
        self.glyphs = glyphs
        self.steps = max(steps, 1)
        let labelWidth = labels.map { glyphs.oneLine($0).width }.max() ?? 0
        let digits = String(max(widest, 0)).count
        self.labelWidth = labelWidth
        self.digits = digits
        let arrow = DisplayWidth.of(glyphs.arrow)
        let entropy = 2 * NumberFormat.entropy(9).count + arrow
        let widths = 2 * digits + arrow
        let room = [
            // "label  384 → 96   tries 192 ✓ 96 ✓   entropy 2.0312 → 2.0391"
            Form.words: labelWidth + 2 + widths + 2 + 9 + self.steps * (digits + 3) - 1 + 11 + entropy + 2,
            // "label  384→96  192✓ 96✓  2.0312→2.0391"
            Form.header: labelWidth + 2 + widths + 2 + self.steps * (digits + 2) - 1 + 2 + entropy,
            Form.twoLines: labelWidth + 2 + widths + 2 + 11 + entropy + 2,
        ]
        form = Form.allCases.first { room[$0].map { $0 <= width } ?? true } ?? .threeLines
    }

    init(of trace: SearchTrace, width: Int, glyphs: Glyphs) {
        self.init(
            labels: trace.layers.map(\.label),
            widest: trace.layers.map { max($0.widthBefore, $0.widthAfter, $0.tries.map(\.width).max() ?? 0) }.max()
                ?? 0,
            steps: trace.layers.reduce(trace.steps) { max($0, $1.tries.count) }, width: width, glyphs: glyphs)
    }

    func lines(of trace: SearchTrace) -> [StyledText] {
        trace.layers.isEmpty ? [] : header + trace.layers.flatMap(lines)
    }

    /// The names of the columns, where the rows do not have them.
    var header: [StyledText] {
        guard form == .header else { return [] }
        let line =
            StyledText("layer").padded(to: labelWidth + 2)
            + StyledText("width").padded(to: max(2 * digits + DisplayWidth.of(glyphs.arrow), 5) + 2)
            + StyledText("tries").padded(to: max(steps * (digits + 2) - 1, 5) + 2) + "entropy"
        return [line.styled(.faint)]
    }

    func lines(of layer: SearchTrace.Layer) -> [StyledText] {
        let label = glyphs.oneLine(layer.label).padded(to: labelWidth + 2)
        let between = form == .header ? glyphs.arrow : " \(glyphs.arrow) "
        let widths =
            StyledText(String(layer.widthBefore), style: .number).padded(to: digits, .right) + StyledText(between)
            + StyledText(String(layer.widthAfter), style: .strong).padded(to: digits, .right)
        let entropy =
            StyledText(NumberFormat.entropy(layer.entropyBefore), style: .number) + StyledText(between)
            + StyledText(NumberFormat.entropy(layer.entropyAfter), style: .number)
        let tries = layer.tries.map(text)

        switch form {
        case .words:
            let column = tries.joined(separator: " ").padded(to: steps * (digits + 3) - 1)
            return [label + widths + "   tries " + column + "   entropy " + entropy]
        case .header:
            let column = tries.joined(separator: " ").padded(to: max(steps * (digits + 2) - 1, 5))
            return [label + widths.padded(to: max(widths.width, 5)) + "  " + column + "  " + entropy]
        case .twoLines:
            return [label + widths + "   entropy " + entropy] + wrapped(tries)
        case .threeLines:
            return (label + widths).wrapped(width: width) + wrapped(tries)
                + ("entropy " + entropy).wrapped(width: width, lead: .spaces(margin))
        }
    }

    /// "192 ✓", of the same width for every try.
    private func text(_ attempt: SearchTrace.Try) -> StyledText {
        let mark: StyledText =
            switch attempt.verdict {
            case .accepted: StyledText(glyphs.accepted, style: .good)
            case .rejected: StyledText(glyphs.rejected, style: .bad)
            }
        let width = StyledText(String(attempt.width), style: .number).padded(to: digits, .right)
        return form == .header ? width + mark : width + " " + mark
    }

    private var margin: Int { width >= 30 ? 4 : 0 }

    private func wrapped(_ tries: [StyledText]) -> [StyledText] {
        guard !tries.isEmpty else { return [] }
        let lead = StyledText.spaces(margin) + "tries "
        let size = digits + 3
        let perLine = max((width - lead.width + 1) / size, 1)
        return stride(from: 0, to: tries.count, by: perLine).flatMap { start in
            let row = tries[start..<min(start + perLine, tries.count)].joined(separator: " ")
            return ((start == 0 ? lead : .spaces(lead.width)) + row).cut(to: width)
        }
    }
}

extension StyledText {
    /// The text in pieces of a width; spaces count.
    fileprivate func cut(to width: Int) -> [StyledText] {
        var lines: [StyledText] = []
        var rest = self
        while rest.width > max(width, 1) {
            let (head, tail) = rest.split(at: max(width, 1))
            if head.isEmpty { break }
            lines.append(head)
            rest = tail
        }
        return lines + [rest]
    }
}
