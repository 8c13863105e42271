/// A parsed sentence: full verb, object, clauses and options in the order of the specification, each with its span.
///
/// Two sentences are equal when they say the same; where they were written does not count.
package struct Sentence: Hashable, Sendable {
    package let verb: String
    package let object: Object
    /// In the order of the specification, no keyword twice.
    package let clauses: [Clause]
    /// In the order of the specification, no key twice.
    package let options: [Option]
    /// From the verb to the last word, in the source it was parsed from.
    package let span: SourceSpan
    package let verbSpan: SourceSpan

    package init(
        verb: String, object: Object, clauses: [Clause], options: [Option], span: SourceSpan, verbSpan: SourceSpan
    ) {
        self.verb = verb
        self.object = object
        self.clauses = clauses
        self.options = options
        self.span = span
        self.verbSpan = verbSpan
    }

    package indirect enum Object: Hashable, Sendable {
        case none
        case value(Argument)
        case list([Argument])
        case choice(Located<String>)
        /// A choice that is a variable, as in `for c in entropy, magnitude { score $c }`; substitution settles it.
        case variableChoice(Argument)
        case setting(Located<String>, Argument)
        case all(Located<String>)
        case layers(LayerList)
        case assignment(Assignment)
        case comparison(measure: Located<String>, Comparison, Argument)
        case loop(Loop)
        case sentence(Sentence)
    }

    package struct Clause: Hashable, Sendable {
        package let keyword: Located<Keyword>
        package let content: Content

        package enum Content: Hashable, Sendable {
            /// As many as the specification asks for; none for a flag.
            case values([Argument])
            case layers(LayerList)
        }
    }

    package struct Option: Hashable, Sendable {
        package let key: Located<Keyword>
        package let argument: Argument
    }

    package static func == (left: Sentence, right: Sentence) -> Bool {
        left.verb == right.verb && left.object == right.object && left.clauses == right.clauses
            && left.options == right.options
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(verb)
        hasher.combine(object)
        hasher.combine(clauses)
        hasher.combine(options)
    }
}

/// A value in its place: what was written, and what the place asks for.
package struct Argument: Hashable, Sendable {
    package let value: Value
    package let type: ValueType
    /// What the value is the value of, as a message names it: "t", "limit".
    package let subject: String
    package let span: SourceSpan

    package static func == (left: Argument, right: Argument) -> Bool { left.value == right.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// `let NAME = value` or `param NAME = value`.
package struct Assignment: Hashable, Sendable {
    package let name: Located<String>
    package let argument: Argument
    /// True for `param`: the caller's value goes before the script's.
    package let overridable: Bool
}

/// `for NAME in value, value { … }`.
package struct Loop: Hashable, Sendable {
    package let variable: Located<String>
    package let values: [Argument]
    package let body: [Sentence]
}

/// The comparisons `expect` knows.
package enum Comparison: String, CaseIterable, Hashable, Sendable {
    case less = "<"
    case atMost = "<="
    case equal = "=="
    case atLeast = ">="
    case greater = ">"

    package func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .less: left < right
        case .atMost: left <= right
        case .equal: left == right
        case .atLeast: left >= right
        case .greater: left > right
        }
    }
}
