import Foundation

/// The two ways there are to prepare a text for CLIP's vocabulary.
///
/// They differ for entities, curly quotes, wide letters and padding; for plain text they give the same tokens.
package enum TextConvention: String, Sendable, Hashable, Codable, CaseIterable {
    /// OpenAI's `SimpleTokenizer`, as open_clip has it: repaired, HTML unescaped, pads with 0.
    case openCLIP = "open_clip"
    /// Hugging Face's `CLIPTokenizer`: composed, lowercased, pads with the padding token.
    case huggingFace = "huggingface"

    /// The text as it is cut into words.
    ///
    /// Of ftfy, which open_clip applies first, this has what concerns single characters: quotes, ligatures, widths,
    /// control characters, composition. It repairs no text that was decoded in a wrong encoding, and strips no terminal
    /// escapes. Of HTML's entities it knows those of HTML 4 and all numbers.
    func clean(_ text: String) -> [Unicode.Scalar] {
        if let plain = Self.cleanASCII(text) { return plain }
        switch self {
        case .openCLIP:
            var text = text
            // Entities that were escaped several times over; a text that has tags is taken to mean what it says.
            if text.utf8.contains(UInt8(ascii: "&")), !text.utf8.contains(UInt8(ascii: "<")) {
                for _ in 0..<16 {
                    let plainer = HTMLEntities.unescape(text, closedOnly: true)
                    if plainer.unicodeScalars.elementsEqual(text.unicodeScalars) { break }
                    text = plainer
                }
            }
            text = Self.composed(CharacterRepair.repair(text))
            if text.utf8.contains(UInt8(ascii: "&")) {
                text = HTMLEntities.unescape(HTMLEntities.unescape(text))
            }
            return Self.lowercased(Self.collapsed(text.unicodeScalars, isSpace: Self.isPythonSpace), finalSigma: true)
        case .huggingFace:
            let composed = Self.composed(text)
            return Self.lowercased(
                Self.collapsed(composed.unicodeScalars) { $0.properties.isWhitespace }, finalSigma: false)
        }
    }

    /// ASCII without entities and control characters, which both conventions treat alike; nil for other texts.
    private static func cleanASCII(_ text: String) -> [Unicode.Scalar]? {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): result.append(Unicode.Scalar(byte | 0x20))
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D:
                if let last = result.last, last != " " { result.append(" ") }
            case UInt8(ascii: "&"), 0..<0x20, 0x7F...: return nil
            default: result.append(Unicode.Scalar(byte))
            }
        }
        if result.last == " " { result.removeLast() }
        return result
    }

    /// Composed by canonical equivalence (NFC).
    private static func composed(_ text: String) -> String {
        // Nothing below U+0300 composes with what stands before it.
        if text.unicodeScalars.allSatisfy({ $0.value < 0x300 }) { return text }
        // Foundation leaves a consonant after a Korean syllable alone unless the syllable is taken apart first.
        return text.decomposedStringWithCanonicalMapping.precomposedStringWithCanonicalMapping
    }

    /// One space for each run of white space, none at the ends.
    private static func collapsed(
        _ scalars: some Sequence<Unicode.Scalar>, isSpace: (Unicode.Scalar) -> Bool
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for scalar in scalars {
            if !isSpace(scalar) {
                result.append(scalar)
            } else if let last = result.last, last != " " {
                result.append(" ")
            }
        }
        if result.last == " " { result.removeLast() }
        return result
    }

    /// White space as Python's `str.split` has it: with the four separators of ASCII.
    private static func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    /// Each scalar in lower case; Σ at the end of a word as ς where `finalSigma`.
    private static func lowercased(_ scalars: [Unicode.Scalar], finalSigma: Bool) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        for (index, scalar) in scalars.enumerated() {
            if scalar.isASCII {
                result.append(
                    (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
            } else if finalSigma, scalar == "Σ" {
                result.append(endsWord(index, of: scalars) ? "ς" : "σ")
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return result
    }

    /// Whether a letter stands before the scalar and none after it, marks and apostrophes aside (`Final_Sigma`).
    private static func endsWord(_ index: Int, of scalars: [Unicode.Scalar]) -> Bool {
        func meetsLetter(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
            scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
        }
        return meetsLetter(scalars[..<index].reversed()) && !meetsLetter(scalars[(index + 1)...])
    }
}
