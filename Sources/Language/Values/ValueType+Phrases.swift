// How the kinds of values are spoken of in messages, usage lines and help.
extension ValueType {
    /// "a whole number", "a model file in double quotes".
    var phrase: String {
        switch self {
        case .integer: "a whole number"
        case .count: "a count"
        case .number: "a number"
        case .percent: "a percentage"
        case .tolerance: "a number or a percentage"
        case .bytes: "an amount of memory"
        case .boolean: "yes or no"
        case .word(let choices) where choices.count <= 3: choices.map(\.word).joined(separator: " or ")
        case .word: "one of its words"
        case .name(let kind): "the name of a \(kind.noun)"
        case .newName: "a name"
        case .string(let noun), .path(let noun): "\(noun) in double quotes"
        case .wordOrPath(let choices, let noun):
            choices.map(\.word).joined(separator: ", ") + " or \(noun) in double quotes"
        case .any: "a value"
        }
    }

    /// What stands for the value in a usage line.
    package var placeholder: String {
        switch self {
        case .integer: "INTEGER"
        case .count: "COUNT"
        case .number: "NUMBER"
        case .percent: "PERCENT"
        case .tolerance: "NUMBER|PERCENT"
        case .bytes: "BYTES"
        case .boolean: "yes|no"
        case .word(let choices): choices.map(\.word).joined(separator: "|")
        case .name, .newName: "NAME"
        case .string: "\"TEXT\""
        case .path: "\"PATH\""
        case .wordOrPath(let choices, _): (choices.map(\.word) + ["\"PATH\""]).joined(separator: "|")
        case .any: "VALUE"
        }
    }

    /// What could be written, for a label.
    var sample: String {
        switch self {
        case .integer, .count: "5"
        case .number: "0.01"
        case .percent: "60%"
        case .tolerance: "0.01, or 1%"
        case .bytes: "2GB"
        case .boolean: "yes"
        case .word(let choices), .wordOrPath(let choices, _): choices.first?.word ?? "…"
        case .name(let kind): kind.noun.prefix(1).isEmpty ? "x" : String(kind.noun.prefix(1))
        case .newName: "x"
        case .string, .path: "\"…\""
        case .any: "…"
        }
    }

    var exampleLabel: String {
        switch self {
        case .word: "one of:"
        default: "such as: \(sample)"
        }
    }

    /// The words of a closed set.
    var words: [String] {
        switch self {
        case .word(let choices), .wordOrPath(let choices, _): choices.map(\.word)
        case .boolean: ["yes", "no"]
        default: []
        }
    }

    /// What was probably meant by a value of the wrong kind, if that is plain.
    func correction(of value: Value) -> String? {
        switch (self, value) {
        case (.percent, .integer(let number)): "\(number)%"
        case (.percent, .number(let number)) where number > 0 && number < 1:
            Value.percent((number * 1e10).rounded() / 1e8).description
        case (.number, .percent(let percent)): Value(percent / 100).description
        case (.name, .string(let text)), (.newName, .string(let text)), (.word, .string(let text)):
            Lexer.isName(Array(text.unicodeScalars)) ? text : nil
        case (.string, .word(let text)), (.path, .word(let text)): Value.quoted(text)
        default: nil
        }
    }
}

extension Limits {
    /// "greater than 0", "at least 1", "from 0% to 100%".
    func phrase(unit: String) -> String {
        func text(_ number: Double) -> String { Value.text(of: number) + unit }
        return switch (lower, upper) {
        case (nil, nil): "a number"
        case (.included(let low), nil): "at least \(text(low))"
        case (.excluded(let low), nil): "greater than \(text(low))"
        case (nil, .included(let high)): "at most \(text(high))"
        case (nil, .excluded(let high)): "less than \(text(high))"
        case (.included(let low), .included(let high)): "from \(text(low)) to \(text(high))"
        case (.included(let low), .excluded(let high)): "at least \(text(low)) and less than \(text(high))"
        case (.excluded(let low), .included(let high)): "greater than \(text(low)) and at most \(text(high))"
        case (.excluded(let low), .excluded(let high)): "greater than \(text(low)) and less than \(text(high))"
        }
    }
}
