/// What can be wrong with a tokenizer, a captions file, class names or templates.
///
/// Every case carries the facts a sentence about it needs; the sentences live where the words are.
package enum TextError: Error, Hashable, Sendable {
    // Files.

    /// Nothing is at the path.
    case missing(path: String)
    /// The path is no file (a folder, a device).
    case notAFile(path: String)
    /// The system refuses to read the file; `code` is its errno.
    case unreadable(path: String, code: Int32)
    /// The file holds more bytes (compressed or not) than are read of its kind.
    case fileTooLarge(path: String, limit: Int)
    /// The gzip stream is damaged (`truncated`: it merely ends early).
    case damagedGzip(path: String, truncated: Bool)
    /// The line holds bytes that are no UTF-8.
    case notUTF8(path: String, line: Int)
    /// The file (or the line of it) is no JSON; `detail` is the parser's own message.
    case notJSON(path: String, line: Int?, detail: String)
    /// A value is missing or of the wrong kind; `key` is a path like `annotations[3].caption`.
    case value(path: String, line: Int?, key: String, expected: Expectation, found: String)

    // Tokenizers.

    /// The folder holds none of the files that are read.
    case noTokenizer(folder: String)
    /// The file holds a tokenizer, but not CLIP's.
    case unsupportedTokenizer(path: String, reason: UnsupportedTokenizer)
    /// A merge (counted from 1) is not two pieces with a space between.
    case notAMerge(path: String, merge: Int, found: String)
    /// A merge (counted from 1) joins a piece that is not in the vocabulary, or makes one.
    case unknownMergePiece(path: String, merge: Int, piece: String)
    /// Two pieces have the same id.
    case sharedID(path: String, id: Int, pieces: [String])
    /// The vocabulary has no token that begins or ends a text, pads it or stands for what is unknown.
    case noSpecialToken(path: String, role: SpecialRole, name: String?)
    /// The vocabulary's largest id, plus one, is more than the rows of the model's token table.
    case vocabularyTooLarge(path: String, size: Int, rows: Int)
    /// A text needs room for its two special tokens.
    case contextTooShort(length: Int)
    /// The text holds a piece that is not in the vocabulary, which has no token for the unknown.
    case unknownPiece(String, text: String)

    // Captions, class names, templates.

    /// The file holds no caption, name or template.
    case nothing(path: String)
    /// The first line names no column of images, or none of captions.
    case noColumn(path: String, of: CaptionColumn, found: [String])
    /// A line has another number of fields than the first one.
    case fieldCount(path: String, line: Int, expected: Int, found: Int)
    /// A field that begins with a quote in this line has no end.
    case unclosedQuote(path: String, line: Int)
    /// Something stands between a closing quote and the next separator.
    case textAfterQuote(path: String, line: Int)
    /// A line that should hold something is blank, or lacks this field.
    case blank(path: String, line: Int)
    /// An annotation (`key` is where it stands) is about an image that the file does not list.
    case unknownImage(path: String, key: String, id: String)
    /// The template in this line has no `{}` for the name.
    case noPlaceholder(path: String, line: Int, template: String)
}

/// What a value in a file should be.
package enum Expectation: Hashable, Sendable {
    case object, array, string, strings
    /// A whole number within the range of token ids.
    case tokenID
    /// A whole number or a string.
    case identifier
    /// An object or an array.
    case collection
}

/// Why a tokenizer is not CLIP's.
package enum UnsupportedTokenizer: Hashable, Sendable {
    /// Another model than byte-pair merges: `Unigram`, `WordPiece`, `WordLevel`, or what the file calls it.
    case model(String)
    /// A SentencePiece file.
    case sentencePiece
    /// A WordPiece vocabulary.
    case wordPiece
    /// Byte-pair merges whose words don't end in `</w>`; the suffix that was found.
    case wordEnd(String?)
    /// Pieces are not made of bytes.
    case notByteLevel
    /// A step of cleaning that CLIP's tokenizer does not have, by its name in the file.
    case cleaning(String)
    /// Another pattern that cuts a text into words.
    case pattern(String)
}

/// What a special token is for.
package enum SpecialRole: String, Hashable, Sendable {
    case start, end, padding, unknown
}

/// What a column of a captions file holds.
package enum CaptionColumn: String, Hashable, Sendable {
    case image, caption
}
