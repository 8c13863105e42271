/// The visible characters that stand for bytes in the pieces of a byte-level vocabulary.
///
/// Bytes that print in Latin-1 stand for themselves, the others for U+0100 and on, in order (Radford et al., GPT-2).
enum BytePieces {
    /// The character of each byte.
    static let characters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(UInt8(byte))
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    /// All characters in the order of OpenAI's vocabulary: first the bytes that stand for themselves.
    static let inVocabularyOrder: [Unicode.Scalar] =
        characters.filter { $0.value < 0x100 } + characters.filter { $0.value >= 0x100 }

    /// What ends a piece that ends a word.
    static let wordEnd = "</w>"
}
