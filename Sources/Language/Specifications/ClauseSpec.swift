/// A clause: a word and the values that follow it, or layers.
package struct ClauseSpec: Hashable, Sendable {
    package let keyword: Keyword
    /// One line, lower case, no full stop.
    package let summary: String
    package let shape: Shape
    /// What holds without the clause, as it would be said: "every layer".
    package let standard: String?

    package enum Shape: Hashable, Sendable {
        /// The values after the word; none for a flag such as `replace`.
        case values([ValueType])
        /// `layer 12`, `layers 1..6,9`.
        case layers
    }

    /// `limit 512`, or with two values `to 60% flops`.
    package init(_ keyword: Keyword, _ values: ValueType..., summary: String, default standard: String? = nil) {
        self.init(keyword, .values(values), summary, standard)
    }

    private init(_ keyword: Keyword, _ shape: Shape, _ summary: String, _ standard: String?) {
        self.keyword = keyword
        self.shape = shape
        self.summary = summary
        self.standard = standard
    }

    /// A word alone, such as `replace`.
    package static func flag(_ keyword: Keyword, _ summary: String) -> ClauseSpec {
        ClauseSpec(keyword, .values([]), summary, nil)
    }

    package static func layers(_ summary: String, default standard: String? = "all layers") -> ClauseSpec {
        ClauseSpec(.layers, .layers, summary, standard)
    }
}

/// `key=value`.
package struct OptionSpec: Hashable, Sendable {
    package let key: Keyword
    package let type: ValueType
    /// One line, lower case, no full stop.
    package let summary: String
    /// What holds without the option, as it would be written: "20".
    package let standard: String?

    package init(_ key: Keyword, _ type: ValueType, _ summary: String, default standard: String? = nil) {
        self.key = key
        self.type = type
        self.summary = summary
        self.standard = standard
    }
}

/// The word of a clause or the key of an option. Commands may name theirs: `static let within: Keyword = "within"`.
package struct Keyword: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.init(text) }
    package var description: String { text }

    /// The clause `layer 12` or `layers 1..6`, whichever was written.
    package static let layers: Keyword = "layers"
}
