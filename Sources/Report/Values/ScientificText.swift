/// Small and large figures: three digits and a power of ten.
package enum ScientificText {
    /// 0.0000314 → "3.14e-05".
    package static func of(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 0.9995 {
            mantissa *= 10
            exponent -= 1
        }
        let sign = value < 0 ? "-" : ""
        let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return "\(sign)\(NumberFormat.fixed(mantissa, digits: 2))e\(exponent < 0 ? "-" : "+")\(power)"
    }
}
