// What commands ask a sentence. A variable reads as nil, so substitute before running.
extension Sentence {
    /// The word of a choice, setting or comparison: `entropy` of `score entropy`.
    package var choice: String? {
        switch object {
        case .choice(let word), .setting(let word, _), .comparison(let word, _, _): word.content
        default: nil
        }
    }

    /// The same as a case of the enum the specification was made from.
    package func choice<Set: RawRepresentable>(as set: Set.Type) -> Set? where Set.RawValue == String {
        choice.flatMap { Set(rawValue: $0) }
    }

    /// The value of the object: the path of `load "x"`, the name of `use m`, the number of `undo 2`, the value of
    /// `set threads 4`, `let x = 1` and `expect knn >= 70%`.
    package var argument: Argument? {
        switch object {
        case .value(let argument), .setting(_, let argument), .comparison(_, _, let argument): argument
        case .assignment(let assignment): assignment.argument
        default: nil
        }
    }

    package func argument<Content: ValueReadable>(as type: Content.Type) -> Content? {
        argument.flatMap { Content(value: $0.value) }
    }

    /// The values of a list.
    package var arguments: [Argument] {
        if case .list(let arguments) = object { arguments } else { [argument].compactMap { $0 } }
    }

    /// The object as text: a path, a string, a name or a word.
    package var text: String? { argument(as: String.self) }

    /// True for `search all`.
    package var saysAll: Bool {
        if case .all = object { true } else { false }
    }

    /// The layers named, as the object or in a clause; nil for `all` and where none are named.
    package var layers: LayerList? {
        if case .layers(let list) = object { return list }
        for clause in clauses {
            if case .layers(let list) = clause.content { return list }
        }
        return nil
    }

    package func clause(_ keyword: Keyword) -> Clause? { clauses.first { $0.keyword.content == keyword } }

    /// Whether a clause is there: `sentence.has("replace")`.
    package func has(_ keyword: Keyword) -> Bool { clause(keyword) != nil }

    /// The value of a clause: `sentence.value("limit", as: Int.self)`; `at` picks from a clause with several.
    package func value<Content: ValueReadable>(
        _ keyword: Keyword, at index: Int = 0, as type: Content.Type
    ) -> Content? {
        guard case .values(let arguments)? = clause(keyword)?.content, arguments.indices.contains(index) else {
            return nil
        }
        return Content(value: arguments[index].value)
    }

    /// The text of a clause: `sentence.string("to")`.
    package func string(_ keyword: Keyword, at index: Int = 0) -> String? {
        value(keyword, at: index, as: String.self)
    }

    package func option(_ key: Keyword) -> Option? { options.first { $0.key.content == key } }

    /// The value of an option: `sentence.option("t", as: Double.self)`.
    package func option<Content: ValueReadable>(_ key: Keyword, as type: Content.Type) -> Content? {
        option(key).flatMap { Content(value: $0.argument.value) }
    }

    /// The value of an option out of a closed set, as a case of its enum.
    package func option<Set: RawRepresentable>(_ key: Keyword, as set: Set.Type) -> Set? where Set.RawValue == String {
        option(key, as: String.self).flatMap { Set(rawValue: $0) }
    }

    /// All options by key, as the parameters of `run` are read.
    package var optionValues: [String: Value] {
        Dictionary(options.map { ($0.key.content.text, $0.argument.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// Where a diagnostic about the object should point: at it, or at the verb.
    package var objectSpan: SourceSpan {
        switch object {
        case .none: verbSpan
        case .list(let arguments): arguments.reduce(arguments.first?.span ?? verbSpan) { $0.union($1.span) }
        case .value(let argument), .variableChoice(let argument): argument.span
        case .choice(let word), .all(let word): word.span
        case .setting(_, let argument): argument.span
        case .layers(let list): list.span
        case .assignment(let assignment): assignment.argument.span
        case .comparison(let measure, _, let argument): measure.span.union(argument.span)
        case .loop(let loop): loop.variable.span
        case .sentence(let sentence): sentence.span
        }
    }

    /// Where a diagnostic about a clause should point: from its word to its last value.
    package func span(of keyword: Keyword) -> SourceSpan? {
        guard let clause = clause(keyword) else { return nil }
        switch clause.content {
        case .values(let arguments): return arguments.reduce(clause.keyword.span) { $0.union($1.span) }
        case .layers(let list): return list.span
        }
    }
}
