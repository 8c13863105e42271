/// The pieces of a byte-pair vocabulary by id, and which two become one.
struct Vocabulary: Sendable {
    /// The piece that two neighbours become. Lower ranks go first.
    struct Merge: Sendable {
        let rank: Int32
        let id: Int32
    }

    /// The id of each piece.
    let ids: [String: Int32]
    /// The largest id plus one.
    let size: Int
    /// The id of each byte inside a word; -1 where the vocabulary lacks it.
    let bytes: [Int32]
    /// The id of each byte that ends a word.
    let lastBytes: [Int32]
    private let merges: [UInt64: Merge]

    /// Ids above this are taken for a mistake.
    static let largestID = 1 << 24

    /// - Parameters:
    ///   - ids: the id of each piece, none shared
    ///   - merges: which two pieces become one, those that go first at the front
    ///   - path: names the file in errors
    /// - Throws: `TextError.unknownMergePiece`, `.sharedID`.
    init(ids: [String: Int32], merges pairs: [(String, String)], path: String) throws {
        self.ids = ids
        size = Int(ids.values.max() ?? -1) + 1
        var owners: [Int32: String] = Dictionary(minimumCapacity: ids.count)
        for (piece, id) in ids {
            if let other = owners.updateValue(piece, forKey: id) {
                throw TextError.sharedID(path: path, id: Int(id), pieces: [other, piece].sorted())
            }
        }
        bytes = BytePieces.characters.map { ids[String($0)] ?? -1 }
        lastBytes = BytePieces.characters.map { ids[String($0) + BytePieces.wordEnd] ?? -1 }
        var merges: [UInt64: Merge] = Dictionary(minimumCapacity: pairs.count)
        for (rank, (left, right)) in pairs.enumerated() {
            func id(_ piece: String) throws -> Int32 {
                guard let id = ids[piece] else {
                    throw TextError.unknownMergePiece(path: path, merge: rank + 1, piece: piece)
                }
                return id
            }
            let merge = Merge(rank: Int32(rank), id: try id(left + right))
            // Of a pair that is listed twice the later rank counts, as in the originals' tables.
            merges[Self.key(try id(left), try id(right))] = merge
        }
        self.merges = merges
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge? { merges[Self.key(left, right)] }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The merge that a line names: two pieces with a space between.
    static func pair(_ text: String, path: String, merge: Int) throws -> (String, String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw TextError.notAMerge(path: path, merge: merge, found: text)
        }
        return (String(parts[0]), String(parts[1]))
    }
}
