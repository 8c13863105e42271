extension Tokenizer {
    /// Reads OpenAI's list of merges, `bpe_simple_vocab_16e6.txt`, compressed or not.
    ///
    /// The vocabulary is 256 bytes, 256 bytes that end a word, what each merge makes, and the two special tokens. The
    /// file holds more merges than are used.
    /// - Throws: `TextError`.
    package init(openCLIP path: String, convention: TextConvention = .openCLIP) throws {
        let file = try TextFile(path: path, limit: TextFile.tokenizerLimit).inflated(limit: TextFile.tokenizerLimit)
        var lines = try file.lines()
        while lines.last?.isEmpty == true { lines.removeLast() }
        // The first line says the version.
        let merges = try lines.dropFirst().prefix(Self.openCLIPMerges).enumerated().map { index, line in
            try Vocabulary.pair(line, path: path, merge: index + 1)
        }
        let bytes = BytePieces.inVocabularyOrder.map { String($0) }
        let (start, end) = SpecialNames.openCLIP
        let pieces =
            bytes + bytes.map { $0 + BytePieces.wordEnd } + merges.map { $0.0 + $0.1 } + [start, end]
        var ids: [String: Int32] = Dictionary(minimumCapacity: pieces.count)
        for (id, piece) in pieces.enumerated() { ids[piece] = Int32(id) }
        let (startID, endID) = (Int32(pieces.count - 2), Int32(pieces.count - 1))
        self.init(
            path: path, convention: convention, vocabulary: try Vocabulary(ids: ids, merges: merges, path: path),
            start: startID, end: endID, padding: convention == .openCLIP ? 0 : endID, unknown: nil,
            specials: [(start, startID), (end, endID)])
    }

    /// The merges of the vocabulary of 49,408 pieces.
    private static let openCLIPMerges = 49_152 - 256 - 2
}

/// What the special tokens are called.
enum SpecialNames {
    static let openCLIP = (start: "<start_of_text>", end: "<end_of_text>")
    static let huggingFace = (start: "<|startoftext|>", end: "<|endoftext|>")
}
