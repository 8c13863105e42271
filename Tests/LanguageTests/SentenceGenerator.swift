import Language

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Writes random right sentences of the vocabulary, clauses and options in random order.
struct SentenceGenerator {
    var random: SeededGenerator

    mutating func sentence(depth: Int = 0) -> String {
        let commands = vocabulary.commands.filter {
            switch $0.object {
            case .loop, .sentence: depth < 3
            default: true
            }
        }
        guard let command = commands.randomElement(using: &random) else { return "" }
        let object = object(command.object, depth: depth)
        var parts: [String] = []
        for clause in command.clauses + object.clauses where Bool.random(using: &random) {
            switch clause.shape {
            case .layers: parts.append(layers())
            case .values(let types):
                parts.append(([clause.keyword.text] + types.map { value($0) }).joined(separator: " "))
            }
        }
        for option in command.options + object.options where Bool.random(using: &random) {
            parts.append("\(option.key)=\(value(option.type))")
        }
        return ([command.verb] + object.words + parts.shuffled(using: &random))
            .joined(separator: ["  ", " ", "\t"].randomElement(using: &random) ?? " ")
    }

    private mutating func object(
        _ shape: ObjectShape, depth: Int
    ) -> (words: [String], clauses: [ClauseSpec], options: [OptionSpec]) {
        switch shape {
        case .none: return ([], [], [])
        case .value(let type): return ([value(type)], [], [])
        case .list(let type):
            let values = (0..<Int.random(in: 1...3, using: &random)).map { _ in value(type) }
            return ([values.joined(separator: ", ")], [], [])
        case .words(let type): return ([value(type)], [], [])
        case .choice(_, let choices):
            guard let choice = choices.randomElement(using: &random) else { return ([], [], []) }
            let word = Int.random(in: 0..<8, using: &random) == 0 ? "$" + name() : choice.word
            return ([word], choice.clauses, choice.options)
        case .setting(_, let choices):
            guard let choice = choices.randomElement(using: &random) else { return ([], [], []) }
            return ([choice.word, value(choice.value ?? .any)], choice.clauses, choice.options)
        case .allOrLayers(_, let also):
            if let choice = also.randomElement(using: &random), Bool.random(using: &random) {
                return ([choice.word], choice.clauses, choice.options)
            }
            return ([Bool.random(using: &random) ? "all" : layers()], [], [])
        case .assignment: return ([name(), "=", value(.any)], [], [])
        case .comparison(let choices):
            guard let choice = choices.randomElement(using: &random) else { return ([], [], []) }
            let comparison = Comparison.allCases.randomElement(using: &random)?.rawValue ?? "<"
            return ([choice.word, comparison, value(choice.value ?? .any)], [], [])
        case .loop:
            let values = (0..<Int.random(in: 1...3, using: &random)).map { _ in value(.any) }.joined(separator: ",")
            let body = (0..<Int.random(in: 0...3, using: &random)).map { _ in sentence(depth: depth + 1) }
            return ([name(), "in", values, "{", body.joined(separator: "\n"), "}"], [], [])
        case .sentence: return ([sentence(depth: depth + 1)], [], [])
        case .optional(let shape): return Bool.random(using: &random) ? ([], [], []) : object(shape, depth: depth)
        }
    }

    private mutating func value(_ type: ValueType) -> String {
        if Int.random(in: 0..<8, using: &random) == 0 { return "$" + name() }
        switch type {
        case .integer, .count: return ["1", "7", "12", "20"].randomElement(using: &random) ?? "1"
        case .number: return number()
        case .percent: return ["1%", "12.5%", "60%", "70e-1%", "99%"].randomElement(using: &random) ?? "1%"
        case .tolerance: return Bool.random(using: &random) ? number() : "\(number())%"
        case .bytes: return ["1B", "512MB", "2GB", "1.5GB", "7kB"].randomElement(using: &random) ?? "1B"
        case .boolean: return Bool.random(using: &random) ? "yes" : "no"
        case .word(let choices): return choices.randomElement(using: &random)?.word ?? ""
        case .name, .newName: return name()
        case .string, .path: return string()
        case .wordOrPath(let choices, _):
            return Bool.random(using: &random) ? string() : value(.word(choices))
        case .any:
            switch Int.random(in: 0..<7, using: &random) {
            case 0: return "-" + number()
            case 1: return value(.percent())
            case 2: return value(.bytes())
            case 3: return string()
            case 4: return name()
            case 5: return "2..5"
            default: return "\(Int.random(in: Int.min...Int.max, using: &random))"
            }
        }
    }

    private mutating func number() -> String {
        let exponent = Int.random(in: -300...300, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return "\(Double.random(in: 0.001...1, using: &random))"
        case 1: return "\(Double.random(in: 1...9, using: &random))e\(exponent)"
        default: return "\(Int.random(in: 1...1_000_000, using: &random))"
        }
    }

    private mutating func name() -> String {
        ["m", "vit_b", "x-1", "_", "all", "layer", "on", "for", "first", "E5"].randomElement(using: &random) ?? "m"
    }

    private mutating func layers() -> String {
        let spans = ["1", "2..6", "first", "first..3", "$x..last", "$y", "12", "4..4", "last"]
        let count = Int.random(in: 1...3, using: &random)
        return "layers " + (0..<count).map { _ in spans.randomElement(using: &random) ?? "1" }.joined(separator: " , ")
    }

    private mutating func string() -> String {
        let pieces = [
            "a", " ", "{", "}", ";", "#", "\"", "\\", "\n", "\t", "\r", "é", "\u{301}", "日", "\u{0}", "\u{FFFD}",
            "\u{FEFF}",
            "\u{2028}", "$x", "=", "👩‍👩‍👧", "\u{1B}", "\r\n",
        ]
        let count = Int.random(in: 0...6, using: &random)
        return Value.quoted((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
    }
}
