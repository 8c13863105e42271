/// A part of a command's page: a heading over terms and what they mean. The page and the manual print the same.
struct HelpSection {
    struct Entry {
        let term: String
        let text: String
    }

    let title: String
    let entries: [Entry]
}

extension CommandSpec {
    /// Choices with what they alone allow, clauses, options.
    var helpSections: [HelpSection] {
        var sections: [HelpSection] = []
        if let (title, choices) = object.choices {
            sections.append(HelpSection(title: title, entries: choices.map(\.helpEntry)))
            sections += choices.privateSections
        }
        sections.append(HelpSection(title: "clauses, in any order", entries: clauses.map(\.helpEntry)))
        sections.append(HelpSection(title: "options", entries: options.map(\.helpEntry)))
        return sections.filter { !$0.entries.isEmpty }
    }
}

extension ObjectShape {
    /// The closed set the object comes from, and what it is a set of.
    var choices: (title: String, choices: [Choice])? {
        switch self {
        case .choice(let noun, let choices), .setting(let noun, let choices): (noun, choices)
        case .allOrLayers(_, let also) where !also.isEmpty: ("instead of layers", also)
        case .comparison(let choices): ("what to measure", choices)
        case .optional(let shape): shape.choices
        default: nil
        }
    }
}

extension Choice {
    fileprivate var helpEntry: HelpSection.Entry {
        HelpSection.Entry(term: value.map { "\(word) \($0.placeholder)" } ?? word, text: summary)
    }
}

extension ClauseSpec {
    fileprivate var helpEntry: HelpSection.Entry {
        let limits = if case .values(let types) = shape { types.compactMap(\.limitsText) } else { [String]() }
        return HelpSection.Entry(term: usage, text: describe(summary, limits: limits, standard: standard))
    }
}

extension OptionSpec {
    fileprivate var helpEntry: HelpSection.Entry {
        HelpSection.Entry(
            term: usage, text: describe(summary, limits: [type.limitsText].compactMap { $0 }, standard: standard))
    }
}

/// "sharpness of the softmax (greater than 0; default 20)"
private func describe(_ summary: String, limits: [String], standard: String?) -> String {
    let remarks = limits + (standard.map { ["default: \($0)"] } ?? [])
    return remarks.isEmpty ? summary : "\(summary) (\(remarks.joined(separator: "; ")))"
}

extension ValueType {
    /// The limits worth saying in help: not those the kind of value has anyway.
    fileprivate var limitsText: String? {
        switch self {
        case .count(.atLeast(1)), .percent(.between(0, 100)), .tolerance(.atLeast(0)), .bytes(.atLeast(1)): nil
        case .integer(let limits), .count(let limits), .number(let limits): limits.text(unit: "")
        case .tolerance(let limits): limits.text(unit: "")
        case .percent(let limits): limits.text(unit: "%")
        case .bytes(let limits): limits.text(unit: "B")
        case .boolean, .word, .name, .newName, .string, .path, .wordOrPath, .any: nil
        }
    }
}

extension Limits {
    fileprivate func text(unit: String) -> String? { self == .any ? nil : phrase(unit: unit) }
}

extension [Choice] {
    /// What some of the choices allow and the others do not, one section for each group that shares it.
    fileprivate var privateSections: [HelpSection] {
        var groups: [(words: [String], entries: [HelpSection.Entry])] = []
        var seen: Set<String> = []
        for entry in flatMap(\.privateEntries) where seen.insert(entry.term + entry.text).inserted {
            let sharing = filter { $0.privateEntries.contains { $0.term == entry.term && $0.text == entry.text } }
            let words = sharing.map(\.word)
            if let place = groups.firstIndex(where: { $0.words == words }) {
                groups[place].entries.append(entry)
            } else {
                groups.append((words, [entry]))
            }
        }
        return groups.map { HelpSection(title: "only with \($0.words.joined(separator: ", "))", entries: $0.entries) }
    }
}

extension Choice {
    fileprivate var privateEntries: [HelpSection.Entry] { clauses.map(\.helpEntry) + options.map(\.helpEntry) }
}
