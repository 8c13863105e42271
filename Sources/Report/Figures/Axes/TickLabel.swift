/// What stands at a tick: a plain number or name, or a number with a power of ten.
package enum TickLabel: Sendable, Hashable {
    case text(String)
    /// 2 × 10⁻³; a mantissa of "1" is left out.
    case power(mantissa: String, exponent: Int)

    /// On one line of characters: "0.01", "10⁻³", "2×10⁻³".
    package var plain: String {
        switch self {
        case .text(let text): text
        case .power(let mantissa, let exponent): Self.factor(mantissa) + "10" + Self.raised(exponent)
        }
    }

    /// In ASCII: "0.01", "1e-3", "2e-3".
    package var ascii: String {
        switch self {
        case .text(let text): String(text.map { $0 == "−" ? "-" : $0 })
        case .power(let mantissa, let exponent): "\(String(mantissa.map { $0 == "−" ? "-" : $0 }))e\(exponent)"
        }
    }

    static func factor(_ mantissa: String) -> String {
        switch mantissa {
        case "1": ""
        case "−1": "−"
        default: mantissa + "×"
        }
    }

    private static func raised(_ exponent: Int) -> String {
        let digits: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
            "9": "⁹",
        ]
        return String(String(exponent).map { digits[$0] ?? $0 })
    }
}

extension TickLabel {
    /// A number in decimals, thousands apart, with a real minus.
    static func decimal(_ value: Double, digits: Int) -> TickLabel {
        let text = NumberFormat.fixed(value.magnitude, digits: digits)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = Int(parts.first ?? "").map(NumberFormat.count) ?? String(parts.first ?? "")
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return .text((value < 0 && !isZero ? "−" : "") + whole + (parts.count > 1 ? "." + parts[1] : ""))
    }

    /// The same as mantissa · 10^exponent.
    static func scientific(_ value: Double, exponent: Int, digits: Int) -> TickLabel {
        guard value != 0 else { return .text("0") }
        let scaled = value / Ticks.powerOfTen(exponent)
        let text = NumberFormat.fixed(scaled.magnitude, digits: digits)
        return .power(mantissa: (value < 0 ? "−" : "") + text, exponent: exponent)
    }
}
