/// CLIP's byte-pair tokenizer: texts become token ids of one length, between a start and an end token.
///
/// Gives the ids of OpenAI's and open_clip's `SimpleTokenizer` or of Hugging Face's `CLIPTokenizer`, as `convention` says.
package struct Tokenizer: Sendable {
    /// The file that the vocabulary was read from.
    package let path: String
    package let convention: TextConvention
    package let startID: Int32
    package let endID: Int32
    package let paddingID: Int32
    /// Stands for bytes that the vocabulary lacks, where there is one.
    package let unknownID: Int32?
    /// The largest id plus one.
    package var vocabularySize: Int { vocabulary.size }

    let vocabulary: Vocabulary
    /// Token names that are no text when they stand in one.
    let specials: [(name: String, id: Int32)]

    init(
        path: String, convention: TextConvention, vocabulary: Vocabulary, start: Int32, end: Int32, padding: Int32,
        unknown: Int32?, specials: [(name: String, id: Int32)]
    ) {
        self.path = path
        self.convention = convention
        self.vocabulary = vocabulary
        startID = start
        endID = end
        paddingID = padding
        unknownID = unknown
        // Of names that begin alike the longer one is meant.
        self.specials = specials.filter { !$0.name.isEmpty }.sorted {
            ($0.name.count, $1.name) > ($1.name.count, $0.name)
        }
    }

    /// Checks that a model's token table (rows, width) has a row for every id.
    /// - Throws: `TextError.vocabularyTooLarge`.
    package func requireFit(rows: Int) throws {
        guard vocabularySize <= rows else {
            throw TextError.vocabularyTooLarge(path: path, size: vocabularySize, rows: rows)
        }
    }

    /// The ids of a text alone, without start, end and padding.
    /// - Throws: `TextError.unknownPiece`.
    package func ids(of text: String) throws -> [Int32] {
        var words = Encoding(self)
        return try words.ids(of: text)
    }

    /// The texts as rows of ids: start, text, end, padding. A text that is too long loses its last tokens, not its end.
    /// - Parameter contextLength: tokens in each row, at least 2
    /// - Throws: `TextError.contextTooShort`, `.unknownPiece`.
    package func encode(_ texts: [String], contextLength: Int) throws -> EncodedTexts {
        guard contextLength >= 2 else { throw TextError.contextTooShort(length: contextLength) }
        var words = Encoding(self)
        var encoded = EncodedTexts(length: contextLength)
        for text in texts {
            let ids = try words.ids(of: text)
            encoded.append([startID] + ids.prefix(contextLength - 2) + [endID], padding: paddingID, end: endID)
            if ids.count > contextLength - 2 { encoded.truncated += 1 }
        }
        return encoded
    }
}

/// Token ids of several texts, padded to one length.
package struct EncodedTexts: Sendable, Hashable {
    package let length: Int
    /// (texts, length)
    package private(set) var ids: [Int32] = []
    /// The place of each text's first end token, where CLIP reads the text's embedding.
    package private(set) var ends: [Int] = []
    /// How many texts were too long.
    package fileprivate(set) var truncated = 0
    package var count: Int { ends.count }

    init(length: Int) { self.length = length }

    package func row(_ index: Int) -> ArraySlice<Int32> { ids[(index * length)..<((index + 1) * length)] }

    fileprivate mutating func append(_ row: [Int32], padding: Int32, end: Int32) {
        ids += row
        ids += Array(repeating: padding, count: length - row.count)
        ends.append(row.firstIndex(of: end) ?? row.count - 1)
    }
}
