/// The work of turning texts into ids, which remembers the words it has seen.
struct Encoding {
    private let tokenizer: Tokenizer
    private let cutter: WordCutter
    private var known: [[UInt8]: [Int32]] = [:]

    /// Words that are remembered, and their longest length in bytes.
    private static let wordLimit = 1 << 17
    private static let lengthLimit = 64

    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        cutter =
            switch tokenizer.convention {
            case .openCLIP:
                WordCutter(
                    specials: tokenizer.specials.map { (Array($0.name.unicodeScalars), $0.id) }, ignoresCase: true)
            // Special tokens are taken out before there are words.
            case .huggingFace: WordCutter()
            }
    }

    mutating func ids(of text: String) throws -> [Int32] {
        var ids: [Int32] = []
        switch tokenizer.convention {
        case .openCLIP: try append(text, to: &ids, whole: text)
        case .huggingFace:
            for part in parts(of: text) {
                switch part {
                case .text(let part): try append(part, to: &ids, whole: text)
                case .special(let id): ids.append(id)
                }
            }
        }
        return ids
    }

    private mutating func append(_ text: String, to ids: inout [Int32], whole: String) throws {
        let scalars = tokenizer.convention.clean(text)
        try cutter.cut(scalars) { word in
            switch word {
            case .special(let id): ids.append(id)
            case .text(let range): ids += try pieces(of: scalars[range], in: whole)
            }
        }
    }

    private mutating func pieces(of word: ArraySlice<Unicode.Scalar>, in text: String) throws -> [Int32] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(word.count)
        for scalar in word {
            if scalar.isASCII { bytes.append(UInt8(scalar.value)) } else { bytes += UTF8.encode(scalar) ?? .init() }
        }
        if let ids = known[bytes] { return ids }
        let vocabulary = tokenizer.vocabulary
        let symbols = try bytes.indices.map { index in
            let isLast = index == bytes.count - 1
            let id = (isLast ? vocabulary.lastBytes : vocabulary.bytes)[Int(bytes[index])]
            if id >= 0 { return id }
            guard let unknown = tokenizer.unknownID else {
                let piece = String(BytePieces.characters[Int(bytes[index])]) + (isLast ? BytePieces.wordEnd : "")
                throw TextError.unknownPiece(piece, text: text)
            }
            return unknown
        }
        let ids = vocabulary.merging(symbols)
        if known.count < Self.wordLimit, bytes.count <= Self.lengthLimit { known[bytes] = ids }
        return ids
    }

    private enum Part {
        case text(String)
        case special(Int32)
    }

    /// The text cut at the names of special tokens.
    private func parts(of text: String) -> [Part] {
        let specials = tokenizer.specials.map { (Array($0.name.utf8), $0.id) }
        let firsts = Set(specials.compactMap { $0.0.first })
        guard text.utf8.contains(where: { firsts.contains($0) }) else { return [.text(text)] }
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var (start, index) = (0, 0)
        while index < bytes.count {
            if firsts.contains(bytes[index]),
                let (name, id) = specials.first(where: { bytes[index...].starts(with: $0.0) })
            {
                if start < index { parts.append(.text(String(decoding: bytes[start..<index], as: UTF8.self))) }
                parts.append(.special(id))
                index += name.count
                start = index
            } else {
                index += 1
            }
        }
        if start < bytes.count { parts.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
        return parts
    }
}
