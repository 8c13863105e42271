/// All commands there are: the one table behind parsing, completion, suggestions, help and the manual.
package struct Vocabulary: Sendable {
    /// In the order help lists them.
    package let commands: [CommandSpec]
    private let places: [String: Int]

    package init(_ commands: [CommandSpec]) {
        self.commands = commands
        places = Dictionary(commands.enumerated().map { ($1.verb, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The command with exactly this verb.
    package subscript(verb: String) -> CommandSpec? { places[verb].map { commands[$0] } }
}
