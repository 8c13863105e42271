/// Figures as people read them: the same on every machine, in every locale.
package enum NumberFormat {
    /// 1234567 → "1,234,567".
    package static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// 1348234 → "1.35 M"; below ten thousand the count itself.
    package static func parameters(_ value: Int) -> String {
        let size = Double(value.magnitude)
        // The limits are where rounding to two digits would show a thousand of the smaller unit.
        if size >= 999_995_000 { return fixed(Double(value) / 1e9, digits: 2) + " B" }
        if size >= 999_950 { return fixed(Double(value) / 1e6, digits: 2) + " M" }
        if size >= 10_000 { return fixed(Double(value) / 1e3, digits: 1) + " k" }
        return count(value)
    }

    /// 140000000 → "0.14 GFLOPs".
    package static func flops(_ value: Double) -> String {
        let size = abs(value)
        guard size.isFinite else { return fixed(value, digits: 2) + " FLOPs" }
        if size >= 999.995e9 { return fixed(value / 1e12, digits: 2) + " TFLOPs" }
        if size >= 0.01e9 { return fixed(value / 1e9, digits: 2) + " GFLOPs" }
        if size >= 0.01e6 { return fixed(value / 1e6, digits: 2) + " MFLOPs" }
        return fixed(value, digits: 0) + " FLOPs"
    }

    /// 5400000 → "5.4 MB", in powers of a thousand.
    package static func bytes(_ value: Int) -> String {
        let size = Double(value.magnitude)
        if size < 1000 { return "\(value) B" }
        for (unit, name) in [(1e3, "kB"), (1e6, "MB"), (1e9, "GB")] where size < unit * 999.95 {
            return fixed(Double(value) / unit, digits: 1) + " " + name
        }
        return fixed(Double(value) / 1e12, digits: 1) + " TB"
    }

    /// 0.671 → "67.1 %".
    package static func percent(_ fraction: Double, digits: Int = 1) -> String {
        fixed(fraction * 100, digits: digits) + " %"
    }

    /// Nats with four digits: 2.03118 → "2.0312".
    package static func entropy(_ nats: Double) -> String { fixed(nats, digits: 4) }

    /// "820 ms", "3.1 s", "2 min 05 s", "1 h 20 min".
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e12 else { return fixed(seconds, digits: 0) + " s" }
        if seconds < 0 { return "-" + duration(seconds: -seconds) }
        if seconds < 0.001 { return fixed(seconds * 1e3, digits: 1) + " ms" }
        if seconds < 0.9995 { return fixed(seconds * 1e3, digits: 0) + " ms" }
        if seconds < 59.95 { return fixed(seconds, digits: 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        let minutes = Int((seconds / 60).rounded())
        return "\(minutes / 60) h \(twoDigits(minutes % 60)) min"
    }

    /// A number with exactly this many decimals, halves rounded to even as C's `printf` does; "nan", "inf", "-inf".
    package static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return value.description }
        let digits = min(max(digits, 0), 15)
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let size = value.magnitude
        let scaled = size * scale
        // Past 2^53 a double is an even integer: it has no decimals to round, and no integer type holds all of them.
        guard scaled < 9_007_199_254_740_992 else { return value.description }

        var rounded = scaled.rounded(.toNearestOrEven)
        let rest = scaled - scaled.rounded(.down)
        if rest == 0.5 {
            // The product may have been rounded onto the half: its error says which side the value is on.
            let error = (-scaled).addingProduct(size, scale)
            if error > 0 { rounded = scaled.rounded(.up) }
            if error < 0 { rounded = scaled.rounded(.down) }
        }
        let whole = Int64(rounded)
        let sign = value < 0 && whole != 0 ? "-" : ""
        guard digits > 0 else { return sign + String(whole) }
        var text = String(whole)
        if text.count <= digits { text = String(repeating: "0", count: digits + 1 - text.count) + text }
        let point = text.index(text.endIndex, offsetBy: -digits)
        return sign + text[..<point] + "." + text[point...]
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
