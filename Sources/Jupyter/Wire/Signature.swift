import Crypto
import Foundation

/// HMAC-SHA256 over the four JSON parts of a message, under the key of the connection file.
package struct Signature: Sendable {
    /// nil where the connection file has an empty key: messages are not signed then.
    private let key: SymmetricKey?

    package init(key: String) { self.key = key.isEmpty ? nil : SymmetricKey(data: Data(key.utf8)) }

    /// In lower-case hexadecimal; empty without a key.
    package func sign(_ parts: [Data]) -> String {
        guard let code = code(of: parts) else { return "" }
        return code.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Compares in a time that tells nothing about the right signature.
    package func isRight(_ hexadecimal: Data, for parts: [Data]) -> Bool {
        guard let code = code(of: parts) else { return true }
        guard let claimed = Self.bytes(hexadecimal) else { return false }
        return code == claimed
    }

    private func code(of parts: [Data]) -> HMAC<SHA256>.MAC? {
        guard let key else { return nil }
        var hash = HMAC<SHA256>(key: key)
        for part in parts { hash.update(data: part) }
        return hash.finalize()
    }

    private static func bytes(_ hexadecimal: Data) -> Data? {
        let digits = Array(hexadecimal)
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes = Data()
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
