/// A sentence while it is being read.
struct Draft {
    let command: CommandSpec
    let verbSpan: SourceSpan
    var object: Sentence.Object?
    /// The choice made, which may add clauses and options.
    var choice: Choice?
    /// The choices a variable leaves open.
    var openChoices: [Choice] = []
    var clauses: [Sentence.Clause] = []
    var options: [Sentence.Option] = []

    init(command: CommandSpec, verbSpan: SourceSpan) {
        self.command = command
        self.verbSpan = verbSpan
    }

    /// The verb and, if it decides what is legal, the choice: "score entropy".
    var title: String { choice.map { "\(command.verb) \($0.word)" } ?? command.verb }

    var clauseSpecs: [ClauseSpec] {
        var specs = command.clauses + (choice?.clauses ?? [])
        for spec in openChoices.flatMap(\.clauses) where !specs.contains(where: { $0.keyword == spec.keyword }) {
            specs.append(spec)
        }
        return specs
    }

    var optionSpecs: [OptionSpec] {
        var specs = choice?.options ?? []
        for spec in openChoices.flatMap(\.options) where !specs.contains(where: { $0.key == spec.key }) {
            specs.append(spec)
        }
        return specs + command.options
    }

    /// `layer` and `layers` are one clause.
    func clauseSpec(_ word: String) -> ClauseSpec? {
        clauseSpecs.first {
            switch $0.shape {
            case .layers: word == "layer" || word == "layers"
            case .values: $0.keyword.text == word
            }
        }
    }

    func optionSpec(_ key: String) -> OptionSpec? { optionSpecs.first { $0.key.text == key } }

    func has(_ keyword: Keyword) -> Bool { clauses.contains { $0.keyword.content == keyword } }

    func hasOption(_ key: Keyword) -> Bool { options.contains { $0.key.content == key } }

    /// Whether the object is still open to `all` or `layer`, which may stand behind clauses.
    var awaitsLayers: Bool {
        if case .allOrLayers = command.object { object == nil } else { false }
    }

    /// The clause words not yet used.
    var openClauses: [ClauseSpec] { clauseSpecs.filter { !has($0.keyword) } }
    /// The options not yet used.
    var openOptions: [OptionSpec] { optionSpecs.filter { !hasOption($0.key) } }

    /// Clause words and option keys that may follow, for messages.
    var legal: [String] {
        let layers = awaitsLayers ? ["all", "layer"] : []
        return layers + openClauses.map(\.word) + openOptions.map { "\($0.key)=" }
    }

    /// Puts clauses and options in the order of the specification.
    func sentence(span: SourceSpan) -> Sentence {
        let clauseOrder = clauseSpecs.map(\.keyword)
        let optionOrder = optionSpecs.map(\.key)
        func rank(_ keyword: Keyword, _ order: [Keyword]) -> Int { order.firstIndex(of: keyword) ?? order.count }
        let sortedClauses = clauses.enumerated().sorted {
            (rank($0.element.keyword.content, clauseOrder), $0.offset)
                < (rank($1.element.keyword.content, clauseOrder), $1.offset)
        }
        let sortedOptions = options.enumerated().sorted {
            (rank($0.element.key.content, optionOrder), $0.offset)
                < (rank($1.element.key.content, optionOrder), $1.offset)
        }
        return Sentence(
            verb: command.verb, object: object ?? .none, clauses: sortedClauses.map(\.element),
            options: sortedOptions.map(\.element), span: span, verbSpan: verbSpan)
    }
}

extension ClauseSpec {
    /// The word that begins the clause.
    var word: String {
        switch shape {
        case .layers: "layer"
        case .values: keyword.text
        }
    }
}
