extension ValueType {
    /// Throws what is wrong with a value in a place of this type; a variable is right everywhere until it is known.
    ///
    /// `variable` is the name the value came from, if it came from one.
    func check(_ value: Value, subject: String, variable: String? = nil) throws(SyntaxError) {
        if case .variable = value { return }
        let limits: (Limits, Double, unit: String)?
        switch (self, value) {
        case (.integer(let range), .integer(let number)), (.count(let range), .integer(let number)),
            (.number(let range), .integer(let number)), (.tolerance(let range), .integer(let number)):
            limits = (range, Double(number), "")
        case (.number(let range), .number(let number)), (.tolerance(let range), .number(let number)):
            limits = (range, number, "")
        case (.percent(let range), .percent(let percent)): limits = (range, percent, "%")
        case (.tolerance(let range), .percent(let percent)): limits = (range, percent, "%")
        case (.bytes(let range), .bytes(let bytes)), (.bytes(let range), .integer(let bytes)):
            limits = (range, Double(bytes), "B")
        case (.boolean, .word(let word)), (.word, .word(let word)), (.wordOrPath, .word(let word)):
            guard words.contains(word) else {
                throw .unknownWord(subject: subject, word, legal: words, variable: variable)
            }
            return
        case (.name, .word), (.newName, .word), (.string, .string), (.path, .string),
            (.wordOrPath, .string), (.any, _):
            return
        case (.path(let noun), .word(let word)) where variable == nil: throw .unquoted(word, noun: noun)
        case (.string(let noun), .word(let word)) where variable == nil: throw .unquoted(word, noun: noun)
        default: throw .wrongType(subject: subject, type: self, found: value, variable: variable)
        }
        guard let (range, number, unit) = limits, !range.contains(number) else { return }
        throw .outOfRange(subject: subject, limits: range, unit: unit, variable: variable)
    }
}
