import Foundation

/// A PNG file in the escape sequences of kitty's graphics protocol.
package enum KittyPicture {
    /// What a sequence may carry.
    private static let chunk = 4096

    /// - Parameter columns: how wide it is shown, in cells.
    package static func sequences(png: [UInt8], columns: Int) -> String {
        let text = Array(Data(png).base64EncodedString().utf8)
        var result = ""
        var start = 0
        repeat {
            let end = min(start + chunk, text.count)
            // q=2: no answer, which would be read as if it were typed.
            let first = start == 0 ? "a=T,f=100,q=2,c=\(max(columns, 1))," : "q=2,"
            let part = String(decoding: text[start..<end], as: UTF8.self)
            result += "\u{1B}_G\(first)m=\(end < text.count ? 1 : 0);\(part)\u{1B}\\"
            start = end
        } while start < text.count
        return result
    }
}
