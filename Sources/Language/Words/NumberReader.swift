/// Reads `12`, `0.01`, `1e-4`, `60%`, `15M`, `10k`, `2GB`.
enum NumberReader {
    enum Result {
        case value(Value)
        case tooLarge
        case noNumber
    }

    private enum Unit {
        case none
        case percent
        case scale(Int)
        case bytes(Int)
    }

    private static let units: [(suffix: String, unit: Unit)] = [
        ("%", .percent),
        ("kB", .bytes(3)), ("KB", .bytes(3)), ("MB", .bytes(6)), ("GB", .bytes(9)), ("TB", .bytes(12)),
        ("B", .bytes(0)),
        ("k", .scale(3)), ("K", .scale(3)), ("M", .scale(6)), ("G", .scale(9)),
    ]

    static func read(_ text: String) -> Result {
        var digits = Substring(text)
        var unit = Unit.none
        if let found = units.first(where: { text.hasSuffix($0.suffix) }) {
            digits = digits.dropLast(found.suffix.count)
            unit = found.unit
        }
        guard let parts = parts(of: digits) else { return .noNumber }
        switch unit {
        case .none: return number(parts, shift: 0)
        case .scale(let shift): return number(parts, shift: shift)
        case .percent:
            guard let value = double(parts, shift: 0) else { return .tooLarge }
            return .value(.percent(value == 0 ? 0 : value))
        case .bytes(let shift):
            guard case .value(.integer(let bytes)) = number(parts, shift: shift) else { return .tooLarge }
            return .value(.bytes(bytes))
        }
    }

    private struct Parts {
        let mantissa: Substring
        let exponent: Int
        let isWhole: Bool
    }

    /// Splits sign, digits and exponent; nil if the text is no number.
    private static func parts(of text: Substring) -> Parts? {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let mantissa = text[..<rest.startIndex]
        guard let mark = rest.first else {
            return Parts(mantissa: mantissa, exponent: 0, isWhole: fraction.isEmpty)
        }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E"),
            let digits = Substring(rest.dropFirst()) as Substring?,
            let last = digits.utf8.last, isDigit(last)
        else { return nil }
        // Past Int's reach any exponent means zero or infinity alike.
        let unsigned = digits.drop { $0 == "-" || $0 == "+" }
        guard digits.utf8.count - unsigned.utf8.count <= 1, unsigned.utf8.allSatisfy(isDigit) else { return nil }
        let exponent = min(Int(unsigned) ?? 100_000, 100_000)
        return Parts(
            mantissa: mantissa, exponent: digits.hasPrefix("-") ? -exponent : exponent, isWhole: false)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func number(_ parts: Parts, shift: Int) -> Result {
        if parts.isWhole {
            guard let whole = Int(parts.mantissa) else { return .tooLarge }
            let factor = (0..<shift).reduce(1) { product, _ in product * 10 }
            let (scaled, overflow) = whole.multipliedReportingOverflow(by: factor)
            return overflow ? .tooLarge : .value(.integer(scaled))
        }
        guard let value = double(parts, shift: shift) else { return .tooLarge }
        return .value(Value(value))
    }

    private static func double(_ parts: Parts, shift: Int) -> Double? {
        guard let value = Double("\(parts.mantissa)e\(parts.exponent + shift)"), value.isFinite else { return nil }
        return value
    }
}

extension Value {
    /// The one form of a number: whole ones are integers, as far as every integer is a `Double`.
    package init(_ number: Double) {
        if number.rounded() == number, abs(number) < 9_007_199_254_740_992 {
            self = .integer(Int(number))
        } else {
            self = .number(number)
        }
    }
}
