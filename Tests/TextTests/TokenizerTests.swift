import Foundation
import Samples
import Testing
import Text

@Suite("Tokens")
struct TokenizerTests {
    @Test("are those of open_clip and of Hugging Face", arguments: Fixtures.Kind.allCases)
    func references(_ kind: Fixtures.Kind) throws {
        let tokenizer = try kind.tokenizer()
        let references = try Fixtures.references()
        let encoded = try tokenizer.encode(references.map(\.text), contextLength: Fixtures.contextLength)
        #expect(encoded.count == references.count)
        for (index, reference) in references.enumerated() {
            #expect(Array(encoded.row(index)) == reference.ids(kind), "\(reference.text.debugDescription)")
        }
    }

    @Test(
        "the four formats agree on their special tokens",
        arguments: [
            (.list, 642, 643, 0, 644), (.pair, 642, 643, 643, 644), (.single, 642, 643, 0, 644),
            (.tiny, 62, 63, 63, 64),
        ] as [(Fixtures.Kind, Int32, Int32, Int32, Int)])
    func specials(_ kind: Fixtures.Kind, _ start: Int32, _ end: Int32, _ padding: Int32, _ size: Int) throws {
        let tokenizer = try kind.tokenizer()
        #expect(tokenizer.startID == start)
        #expect(tokenizer.endID == end)
        #expect(tokenizer.paddingID == padding)
        #expect(tokenizer.vocabularySize == size)
        try tokenizer.requireFit(rows: size)
        #expect(
            throws: TextError.vocabularyTooLarge(path: tokenizer.path, size: size, rows: size - 1)
        ) { try tokenizer.requireFit(rows: size - 1) }
    }

    @Test("a text that is too long loses its last tokens and keeps its end", arguments: [2, 3, 5, 6, 7, 8, 20])
    func truncation(_ length: Int) throws {
        let tokenizer = try Fixtures.Kind.pair.tokenizer()
        let ids = try tokenizer.ids(of: "a cat and a dog")
        let encoded = try tokenizer.encode(["a cat and a dog"], contextLength: length)
        let kept = min(ids.count, length - 2)
        #expect(encoded.row(0).prefix(kept + 2) == [642] + ids.prefix(kept) + [643])
        #expect(encoded.row(0).count == length)
        #expect(encoded.ends == [kept + 1])
        #expect(encoded.truncated == (ids.count > length - 2 ? 1 : 0))
    }

    @Test("a row without room for start and end is refused", arguments: [1, 0, -3])
    func noRoom(_ length: Int) throws {
        let tokenizer = try Fixtures.Kind.pair.tokenizer()
        #expect(throws: TextError.contextTooShort(length: length)) {
            try tokenizer.encode(["a"], contextLength: length)
        }
    }

    @Test("the end is the first end token, as the text towers read it")
    func firstEnd() throws {
        let tokenizer = try Fixtures.Kind.tiny.tokenizer()
        // The tiny vocabulary has no k, for which the end token stands.
        let encoded = try tokenizer.encode(["a", "k a", ""], contextLength: 6)
        #expect(encoded.ends == [2, 1, 1])
        #expect(tokenizer.unknownID == tokenizer.endID)
    }

    @Test("no texts are no rows")
    func nothing() throws {
        let encoded = try Fixtures.Kind.list.tokenizer().encode([], contextLength: 77)
        #expect(encoded.count == 0 && encoded.ids.isEmpty && encoded.ends.isEmpty)
    }

    @Test("a byte that a vocabulary without an unknown token lacks is named, with its text")
    func unknown() throws {
        try withTemporaryFolder { folder in
            let source = Fixtures.Kind.tiny.folder + "/tokenizer.json"
            let text = try String(contentsOfFile: source, encoding: .utf8)
                .replacing(#""unk_token": "<|endoftext|>""#, with: #""unk_token": null"#)
            try write(text, to: folder + "/tokenizer.json")
            let tokenizer = try Tokenizer(folder: folder)
            #expect(try tokenizer.ids(of: "a cat").isEmpty == false)
            #expect(throws: TextError.unknownPiece("k</w>", text: "a Book")) { try tokenizer.ids(of: "a Book") }
            #expect(throws: TextError.unknownPiece("Ã", text: "café")) { try tokenizer.ids(of: "café") }
        }
    }

    @Test(
        "Hugging Face's files can be read with open_clip's cleaning and padding, which OpenCLIP models were trained with"
    )
    func convention() throws {
        let list = try Fixtures.Kind.list.tokenizer()
        for kind in [Fixtures.Kind.pair, .single] {
            let tokenizer = try Tokenizer(folder: kind.folder, convention: .openCLIP)
            for text in ["cats &amp; dogs", "it’s", "ＡＢＣ", "a photo of a cat."] {
                #expect(
                    try tokenizer.encode([text], contextLength: 12) == list.encode([text], contextLength: 12),
                    "\(text)")
            }
        }
    }
}

@Suite("Byte pairs")
struct MergingTests {
    /// OpenAI's way: the pair of lowest rank is merged all over the word, again and again.
    private func naive(_ word: String, ranks: [[String]: Int]) -> [String] {
        var pieces = word.map(String.init)
        pieces[pieces.count - 1] += "</w>"
        while true {
            let pairs = zip(pieces, pieces.dropFirst()).map { [$0, $1] }
            guard let best = pairs.filter({ ranks[$0] != nil }).min(by: { ranks[$0]! < ranks[$1]! }) else {
                return pieces
            }
            var merged: [String] = []
            var index = 0
            while index < pieces.count {
                if index + 1 < pieces.count, [pieces[index], pieces[index + 1]] == best {
                    merged.append(best[0] + best[1])
                    index += 2
                } else {
                    merged.append(pieces[index])
                    index += 1
                }
            }
            pieces = merged
        }
    }

    @Test("are merged as a plain loop merges them", arguments: 0..<4)
    func naive(_ seed: Int) throws {
        let folder = Fixtures.Kind.pair.folder
        let tokenizer = try Fixtures.Kind.pair.tokenizer()
        let lines = try String(contentsOfFile: folder + "/merges.txt", encoding: .utf8).split(separator: "\n")
            .dropFirst()
        let ranks = Dictionary(
            uniqueKeysWithValues: lines.enumerated().map { ($1.split(separator: " ").map(String.init), $0) })
        let vocabulary = try JSONDecoder().decode(
            [String: Int32].self, from: Data(contentsOf: URL(filePath: folder + "/vocab.json")))
        var numbers = Numbers(seed: seed)
        let syllables = [
            "the", "cat", "dog", "at", "ot", "o", "a", "e", "s", "ph", "photo", "ing", "ll", "z", "h", "ar",
        ]
        for _ in 0..<500 {
            let length = 1 + numbers.index(below: 12)
            let word = (0..<length).map { _ in syllables[numbers.index(below: syllables.count)] }.joined()
            let expected = naive(word, ranks: ranks).map { vocabulary[$0] }
            #expect(try tokenizer.ids(of: word) == expected, "\(word)")
        }
        let long = String(repeating: "thecatotoh", count: 40)
        #expect(try tokenizer.ids(of: long) == naive(long, ranks: ranks).map { vocabulary[$0] })
    }

    @Test("a word of any length comes to an end")
    func longWord() throws {
        let ids = try Fixtures.Kind.pair.tokenizer().ids(of: String(repeating: "cat", count: 50_000))
        #expect(ids.count <= 150_000 && ids.count > 1)
    }
}
