/// A colour by its red, green and blue.
package struct Colour: Sendable, Hashable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    init(_ hex: UInt32) {
        red = UInt8(hex >> 16 & 0xFF)
        green = UInt8(hex >> 8 & 0xFF)
        blue = UInt8(hex & 0xFF)
    }

    /// "#0072b2".
    package var hex: String {
        "#"
            + [red, green, blue].map { part in
                let digits = String(part, radix: 16)
                return part < 16 ? "0" + digits : digits
            }.joined()
    }

    /// The colour between two, in sRGB.
    func mixed(with other: Colour, _ share: Double) -> Colour {
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8(min(max((Double(a) + (Double(b) - Double(a)) * share).rounded(), 0), 255))
        }
        var result = self
        result.red = mix(red, other.red)
        result.green = mix(green, other.green)
        result.blue = mix(blue, other.blue)
        return result
    }
}

/// Colours of equals that people with any colour vision tell apart: Okabe and Ito's, the strongest first.
enum SeriesColours {
    static let all: [Colour] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x7F7F7F, 0x8C6D1F].map {
        Colour($0)
    }
    static let accepted = Colour(0x009E73)
    static let rejected = Colour(0xD55E00)
}
