/// The layers a sentence names: `layer 12`, `layers 1..6,9`, `layers first..3`. Layers count from 1.
package struct LayerList: Hashable, Sendable {
    package let spans: [Located<LayerSpan>]
    /// From the word `layer` to the last number.
    package let span: SourceSpan

    package init(_ spans: [Located<LayerSpan>], _ span: SourceSpan) {
        self.spans = spans
        self.span = span
    }

    package static func == (left: LayerList, right: LayerList) -> Bool { left.spans == right.spans }
    package func hash(into hasher: inout Hasher) { hasher.combine(spans) }

    /// The numbers named, ascending and each once, for a model of `depth` layers.
    ///
    /// Throws a diagnostic under the span that leaves the model.
    package func numbers(model: String, depth: Int) throws(Diagnostic) -> [Int] {
        var numbers: Set<Int> = []
        for located in spans {
            let from = located.content.from.number(depth: depth)
            let to = located.content.to?.number(depth: depth) ?? from
            guard let from, let to else { throw Diagnostic("a variable without a value", at: located.span) }
            if let missing = [from, to].first(where: { $0 < 1 || $0 > depth }) {
                let layers = depth == 1 ? "1 layer" : "\(depth) layers, numbered 1 to \(depth)"
                throw Diagnostic("\(model) has \(layers)", at: located.span, label: "there is no layer \(missing)")
            }
            guard from <= to else {
                throw Diagnostic(
                    "a range of layers goes from the lower number to the higher", at: located.span,
                    label: "write: \(to)..\(from)")
            }
            numbers.formUnion(from...to)
        }
        return numbers.sorted()
    }
}

/// One layer, or an inclusive range of them.
package struct LayerSpan: Hashable, Sendable {
    package let from: LayerBound
    package let to: LayerBound?

    package init(_ from: LayerBound, to: LayerBound? = nil) {
        self.from = from
        self.to = to
    }
}

/// One end of a range of layers.
package enum LayerBound: Hashable, Sendable {
    case number(Int)
    case first
    case last
    case variable(String)

    /// The layer's number in a model of `depth` layers, or nil for a variable not yet substituted.
    func number(depth: Int) -> Int? {
        switch self {
        case .number(let number): number
        case .first: 1
        case .last: depth
        case .variable: nil
        }
    }
}
