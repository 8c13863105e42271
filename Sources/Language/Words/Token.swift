/// A word of a text, in the plain sense: the smallest stretch that means something.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case word(String)
        /// A number, percentage, amount of memory or string.
        case literal(Value)
        case variable(String)
        case rangeDots
        case comma
        case equals
        case comparison(Comparison)
        case leftBrace
        case rightBrace
        /// A newline or `;`.
        case end
        case endOfText
        /// Characters that are no vocabulary, such as a path without quotes.
        case unreadable(String)
        case invalid(SyntaxError)
        /// Where a text is to be completed; inside an open string it holds what the string begins with.
        case cursor(openString: String?)
    }

    let kind: Kind
    let span: SourceSpan

    var endsSentence: Bool { kind == .end || kind == .endOfText || kind == .rightBrace }

    var word: String? {
        if case .word(let text) = kind { text } else { nil }
    }

    var isVariable: Bool {
        if case .variable = kind { true } else { false }
    }

    /// Whether a value can begin here.
    var beginsValue: Bool {
        switch kind {
        case .word, .literal, .variable: true
        default: false
        }
    }
}
