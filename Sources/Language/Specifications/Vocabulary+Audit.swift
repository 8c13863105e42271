extension Vocabulary {
    /// What is wrong with the specifications themselves, for a test to find empty: words the lexer would not read,
    /// words defined twice, missing summaries, examples that do not parse.
    package var flaws: [String] {
        let verbs = commands.map(\.verb)
        return repeated(verbs).map { "the verb '\($0)' is defined twice" } + commands.flatMap(flaws)
    }

    private func flaws(of command: CommandSpec) -> [String] {
        let choices = command.object.choices?.choices ?? []
        var flaws: [String] = []
        for choice in choices.isEmpty ? [nil] : choices.map(Optional.some) {
            var draft = Draft(command: command, verbSpan: SourceSpan(0, 0))
            draft.choice = choice
            let words = draft.clauseSpecs.map(\.keyword.text) + draft.optionSpecs.map(\.key.text)
            flaws += repeated(words).map { "'\($0)' is defined twice in '\(draft.title)'" }
            flaws += ([command.verb] + words + choices.map(\.word)).filter { !Lexer.isName(Array($0.unicodeScalars)) }
                .map { "'\($0)' in '\(draft.title)' is no bare word" }
            let summaries = draft.clauseSpecs.map(\.summary) + draft.optionSpecs.map(\.summary) + [command.summary]
            if summaries.contains("") { flaws.append("a summary is missing in '\(draft.title)'") }
        }
        for example in command.examples {
            let source = Source(example.text)
            for diagnostic in parse(source).diagnostics {
                flaws.append("an example of '\(command.verb)' is wrong: \(diagnostic.rendered(source: source))")
            }
        }
        return Array(Set(flaws)).sorted()
    }

    private func repeated(_ words: [String]) -> [String] {
        Dictionary(grouping: words, by: { $0 }).filter { $1.count > 1 }.keys.sorted()
    }
}
