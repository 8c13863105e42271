extension Sentence: CustomStringConvertible {
    /// The full sentence in one line: full verb, clauses and options in the order of the specification, numbers in
    /// their shortest form. Parsing it gives an equal sentence.
    package var canonical: String {
        ([verb] + objectWords + clauses.map(\.canonical) + options.map(\.canonical)).joined(separator: " ")
    }

    package var description: String { canonical }

    private var objectWords: [String] {
        switch object {
        case .none: []
        case .value(let argument), .variableChoice(let argument): [argument.value.description]
        case .list(let arguments): [arguments.map(\.value.description).joined(separator: ", ")]
        case .choice(let word), .all(let word): [word.content]
        case .setting(let word, let argument): [word.content, argument.value.description]
        case .layers(let list): [list.description]
        case .assignment(let assignment): [assignment.name.content, "=", assignment.argument.value.description]
        case .comparison(let measure, let comparison, let argument):
            [measure.content, comparison.rawValue, argument.value.description]
        case .loop(let loop): [loop.canonical]
        case .sentence(let sentence): [sentence.canonical]
        }
    }
}

extension Sentence.Clause {
    package var canonical: String {
        switch content {
        case .values(let arguments):
            ([keyword.content.text] + arguments.map(\.value.description)).joined(separator: " ")
        case .layers(let list): list.description
        }
    }
}

extension Sentence.Option {
    package var canonical: String { "\(key.content)=\(argument.value)" }
}

extension Loop {
    fileprivate var canonical: String {
        let values = values.map(\.value.description).joined(separator: ", ")
        let body = body.map(\.canonical).joined(separator: "; ")
        return "\(variable.content) in \(values) {" + (body.isEmpty ? " }" : " \(body) }")
    }
}
