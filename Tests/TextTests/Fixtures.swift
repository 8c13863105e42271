import Foundation
import Text

/// Small vocabularies in each format, and the ids that the originals give for texts (`make_fixtures.py`).
enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path

    /// The tokens of each reference row.
    static let contextLength = 16

    /// A vocabulary of the fixtures.
    enum Kind: String, Sendable, CaseIterable {
        /// OpenAI's compressed list of merges, as open_clip reads it.
        case list
        /// `vocab.json` and `merges.txt`.
        case pair
        /// `tokenizer.json`, with `!` for padding.
        case single
        /// A `tokenizer.json` of 64 pieces, which lacks most bytes.
        case tiny

        func tokenizer() throws -> Tokenizer { try Tokenizer(folder: folder) }
        var folder: String { Fixtures.folder + "/" + rawValue }
    }

    struct Reference: Decodable, Sendable {
        let text: String
        let list: [Int32]
        let pair: [Int32]
        let single: [Int32]
        let tiny: [Int32]

        func ids(_ kind: Kind) -> [Int32] {
            switch kind {
            case .list: list
            case .pair: pair
            case .single: single
            case .tiny: tiny
            }
        }
    }

    static func references() throws -> [Reference] {
        let data = try Data(contentsOf: URL(filePath: folder + "/references.json"))
        return try JSONDecoder().decode([Reference].self, from: data)
    }
}

/// Writes a file of text.
func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
}
