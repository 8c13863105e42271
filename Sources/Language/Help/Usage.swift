extension CommandSpec {
    /// The grammar of the command in a few lines: `search all | layers 1..6 [within NUMBER|PERCENT] …`.
    package func usage(width: Int = 80) -> String {
        var line = verb
        var lines: [String] = []
        for part in usageParts {
            if DisplayWidth.columns(of: line) + 1 + DisplayWidth.columns(of: part) > width, line != verb {
                lines.append(line)
                line = String(repeating: " ", count: min(verb.count, 12) + 1) + part
            } else {
                line += " " + part
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private var usageParts: [String] {
        object.usageParts + clauses.map { "[\($0.usage)]" }
            + options.map { "[\($0.usage)]" } + (openOptions.map { ["[KEY=\($0.placeholder)]…"] } ?? [])
    }
}

extension ObjectShape {
    /// The pieces of the object in a usage line, between which a line may break.
    fileprivate var usageParts: [String] {
        switch self {
        case .none: []
        case .value(let type): [type.placeholder]
        case .words(let type): [type.placeholder]
        case .list(let type): [type.placeholder + ",", "…"]
        case .choice(_, let choices): ObjectShape.alternatives(choices.map(\.word))
        case .setting(_, let choices):
            ObjectShape.alternatives(choices.map { "\($0.word) \($0.value?.placeholder ?? "VALUE")" })
        case .allOrLayers(_, let also): ["(\((["all", "layers 1..6"] + also.map(\.word)).joined(separator: " | ")))"]
        case .assignment: ["NAME", "=", "VALUE"]
        case .comparison(let choices):
            ObjectShape.alternatives(choices.map(\.word))
                + ["(\(Comparison.allCases.map(\.rawValue).joined(separator: " | ")))", "VALUE"]
        case .loop: ["NAME", "in", "VALUE,", "…", "{ SENTENCE; … }"]
        case .sentence: ["SENTENCE"]
        case .optional(let shape): ["[" + shape.usageParts.joined(separator: " ") + "]"]
        }
    }

    private static func alternatives(_ words: [String]) -> [String] {
        guard let first = words.first, let last = words.last, words.count > 1 else { return words }
        return ["(\(first)"] + words.dropFirst().dropLast().map { "| \($0)" } + ["| \(last))"]
    }
}

extension ClauseSpec {
    /// `limit COUNT`, `layers 1..6`, `replace`.
    var usage: String {
        switch shape {
        case .layers: "layers 1..6"
        case .values(let types): ([keyword.text] + types.map(\.placeholder)).joined(separator: " ")
        }
    }
}

extension OptionSpec {
    /// `t=NUMBER`
    var usage: String { "\(key)=\(type.placeholder)" }
}
