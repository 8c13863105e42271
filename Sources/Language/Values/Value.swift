/// A literal, a bare word or a variable, as written in a sentence.
///
/// Numbers have one form each: a whole number is always `.integer` (`2.0`, `1e3` and `15M` too), `.number` is never whole
/// unless it is too large for an `Int`.
package enum Value: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    /// `1%` is `.percent(1)`.
    case percent(Double)
    /// `2GB` is `.bytes(2_000_000_000)`.
    case bytes(Int)
    case string(String)
    case word(String)
    case layers(LayerSpan)
    /// `$name`, until it is substituted.
    case variable(String)

    /// What a value is called in a message: "a string", "a percentage".
    package var kind: String {
        switch self {
        case .integer: "a whole number"
        case .number: "a number"
        case .percent: "a percentage"
        case .bytes: "an amount of memory"
        case .string: "a string"
        case .word: "a word"
        case .layers: "a range of layers"
        case .variable: "a variable"
        }
    }
}

/// What a Swift type needs so that `sentence.value("limit", as: Int.self)` can read it.
package protocol ValueReadable {
    init?(value: Value)
}

extension Int: ValueReadable {
    package init?(value: Value) {
        switch value {
        case .integer(let number), .bytes(let number): self = number
        default: return nil
        }
    }
}

extension Double: ValueReadable {
    /// A percentage reads as a fraction: `20%` is 0.2.
    package init?(value: Value) {
        switch value {
        case .integer(let number), .bytes(let number): self = Double(number)
        case .number(let number): self = number
        case .percent(let percent): self = percent / 100
        default: return nil
        }
    }
}

extension String: ValueReadable {
    package init?(value: Value) {
        switch value {
        case .string(let text), .word(let text): self = text
        default: return nil
        }
    }
}

extension Bool: ValueReadable {
    package init?(value: Value) {
        switch value {
        case .word("yes"): self = true
        case .word("no"): self = false
        default: return nil
        }
    }
}

/// A bound that is absolute (`0.01`) or relative to a reference (`1%`, the fraction 0.01).
package enum Tolerance: Hashable, Sendable, ValueReadable {
    case absolute(Double)
    case relative(Double)

    package init?(value: Value) {
        switch value {
        case .integer(let number): self = .absolute(Double(number))
        case .number(let number): self = .absolute(number)
        case .percent(let percent): self = .relative(percent / 100)
        default: return nil
        }
    }
}
