// `score $c`: what the choice allows is known only when the variable is.
extension Sentence {
    /// The sentence with a choice now known: clauses and options held against what that choice allows, and put in its
    /// order.
    func settled(on word: Located<String>, among choices: [Choice], variable: String) throws(SyntaxFailure) -> Sentence
    {
        guard let choice = choices.first(where: { $0.word == word.content }) else { return self }
        let title = "\(verb) \(choice.word)"
        let owned = Set(choices.flatMap(\.clauses).map(\.keyword))
        let ownedKeys = Set(choices.flatMap(\.options).map(\.key))
        for clause in clauses where owned.contains(clause.keyword.content) {
            guard let spec = choice.clauses.first(where: { $0.keyword == clause.keyword.content }) else {
                throw SyntaxFailure(
                    .notOfChoice("clause '\(clause.keyword.content)'", title: title, variable: variable),
                    at: clause.keyword.span)
            }
            if case .values(let arguments) = clause.content, case .values(let types) = spec.shape {
                for (argument, type) in zip(arguments, types) { try argument.check(as: type) }
            }
        }
        for option in options where ownedKeys.contains(option.key.content) {
            guard let spec = choice.options.first(where: { $0.key == option.key.content }) else {
                throw SyntaxFailure(
                    .notOfChoice("option '\(option.key.content)'", title: title, variable: variable),
                    at: option.key.span)
            }
            try option.argument.check(as: spec.type)
        }
        let keywords = choice.clauses.map(\.keyword)
        let keys = choice.options.map(\.key)
        let own = keywords.compactMap { clause($0) }
        let ownOptions = keys.compactMap { option($0) }
        return Sentence(
            verb: verb, object: .choice(word),
            clauses: clauses.filter { !keywords.contains($0.keyword.content) } + own,
            options: ownOptions + options.filter { !keys.contains($0.key.content) }, span: span, verbSpan: verbSpan)
    }
}

extension Argument {
    fileprivate func check(as type: ValueType) throws(SyntaxFailure) {
        do {
            try type.check(value, subject: subject)
        } catch {
            throw SyntaxFailure(error, at: span)
        }
    }
}
