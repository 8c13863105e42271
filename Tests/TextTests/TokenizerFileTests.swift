import Foundation
import Samples
import Testing
import Text

@Suite("Tokenizer files")
struct TokenizerFileTests {
    /// A `tokenizer.json` with one part exchanged.
    private static func tokenizer(
        model: String = #""type":"BPE""#, suffix: String = #""</w>""#, vocabulary: String = vocabulary,
        merges: String = #"["a b</w>"]"#, normalizer: String = #"{"type":"Lowercase"}"#,
        cutting: String = #"{"type":"ByteLevel"}"#, added: String = "[]"
    ) -> String {
        """
        {"added_tokens":\(added),"normalizer":\(normalizer),"pre_tokenizer":\(cutting),"model":{\(model),\
        "end_of_word_suffix":\(suffix),"vocab":\(vocabulary),"merges":\(merges)}}
        """
    }

    private static let vocabulary =
        #"{"a":0,"b":1,"a</w>":2,"b</w>":3,"ab</w>":4,"<|startoftext|>":5,"<|endoftext|>":6}"#

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [String: String]
        /// The error, given the folder.
        let error: @Sendable (String) -> TextError

        init(_ name: String, _ files: [String: String], _ error: @escaping @Sendable (String) -> TextError) {
            testDescription = name
            self.files = files
            self.error = error
        }

        init(_ name: String, _ json: String, _ error: @escaping @Sendable (String) -> TextError) {
            self.init(name, ["tokenizer.json": json]) { error($0 + "/tokenizer.json") }
        }

        init(_ name: String, _ json: String, _ reason: UnsupportedTokenizer) {
            self.init(name, json) { TextError.unsupportedTokenizer(path: $0, reason: reason) }
        }
    }

    static let refusals: [Refusal] = [
        Refusal("an empty folder", [:]) { .noTokenizer(folder: $0) },
        Refusal("a vocabulary without merges", ["vocab.json": vocabulary]) { .noTokenizer(folder: $0) },
        Refusal("SentencePiece", ["spiece.model": "\u{1}\u{2}"]) {
            .unsupportedTokenizer(path: $0 + "/spiece.model", reason: .sentencePiece)
        },
        Refusal("WordPiece words", ["vocab.txt": "[PAD]\n"]) {
            .unsupportedTokenizer(path: $0 + "/vocab.txt", reason: .wordPiece)
        },
        Refusal("Unigram", #"{"model":{"type":"Unigram","vocab":[["a",-1.5]]}}"#, .model("Unigram")),
        Refusal("WordPiece", #"{"model":{"type":"WordPiece","vocab":{"a":0}}}"#, .model("WordPiece")),
        Refusal("WordLevel", #"{"model":{"type":"WordLevel","vocab":{"a":0}}}"#, .model("WordLevel")),
        Refusal("words without an end", tokenizer(suffix: "null"), .wordEnd(nil)),
        Refusal("words with another end", tokenizer(suffix: #""_""#), .wordEnd("_")),
        Refusal("pieces of characters", tokenizer(cutting: #"{"type":"Whitespace"}"#), .notByteLevel),
        Refusal("other cleaning", tokenizer(normalizer: #"{"type":"NFKD"}"#), .cleaning("NFKD")),
        Refusal(
            "other words",
            tokenizer(
                cutting: #"{"pretokenizers":[{"type":"Split","pattern":{"Regex":"\\d+"}},{"type":"ByteLevel"}]}"#),
            .pattern(#"\d+"#)),
        Refusal("no object", "[]") {
            .value(path: $0, line: nil, key: "model", expected: .object, found: "nothing")
        },
        Refusal("no vocabulary", tokenizer(vocabulary: "[]")) {
            .value(path: $0, line: nil, key: "model.vocab", expected: .object, found: "an array")
        },
        Refusal("an id that is no number", tokenizer(vocabulary: #"{"a":"x"}"#)) {
            .value(path: $0, line: nil, key: "model.vocab.a", expected: .tokenID, found: "\"x\"")
        },
        Refusal("a negative id", tokenizer(vocabulary: #"{"a":-1}"#)) {
            .value(path: $0, line: nil, key: "model.vocab.a", expected: .tokenID, found: "-1")
        },
        Refusal("an enormous id", tokenizer(vocabulary: #"{"a":1e18}"#)) {
            .value(path: $0, line: nil, key: "model.vocab.a", expected: .tokenID, found: "1000000000000000000")
        },
        Refusal("an id twice", tokenizer(vocabulary: vocabulary.replacing("\"b\":1", with: "\"b\":0"))) {
            .sharedID(path: $0, id: 0, pieces: ["a", "b"])
        },
        Refusal("merges that are none", tokenizer(merges: "7")) {
            .value(path: $0, line: nil, key: "model.merges", expected: .array, found: "7")
        },
        Refusal("a merge of three", tokenizer(merges: #"["a b</w>","a b c"]"#)) {
            .notAMerge(path: $0, merge: 2, found: "a b c")
        },
        Refusal("a merge of one", tokenizer(merges: #"[["a"]]"#)) {
            .notAMerge(path: $0, merge: 1, found: "an array")
        },
        Refusal("a merge of a piece that is not there", tokenizer(merges: #"["a x"]"#)) {
            .unknownMergePiece(path: $0, merge: 1, piece: "ax")
        },
        Refusal("a merge that makes a piece that is not there", tokenizer(merges: #"[["b","a"]]"#)) {
            .unknownMergePiece(path: $0, merge: 1, piece: "ba")
        },
        Refusal("no start", tokenizer(vocabulary: vocabulary.replacing("<|startoftext|>", with: "x"))) {
            .noSpecialToken(path: $0, role: .start, name: "<|startoftext|>")
        },
        Refusal("an unknown token that is not there", tokenizer(model: #""type":"BPE","unk_token":"?""#)) {
            .noSpecialToken(path: $0, role: .unknown, name: "?")
        },
        Refusal("an added token without an id", tokenizer(added: #"[{"content":"x"}]"#)) {
            .value(path: $0, line: nil, key: "added_tokens[0].id", expected: .tokenID, found: "null")
        },
        Refusal(
            "padding that is not there",
            ["tokenizer.json": tokenizer(), "tokenizer_config.json": #"{"pad_token":{"content":"[PAD]"}}"#]
        ) { .noSpecialToken(path: $0 + "/tokenizer.json", role: .padding, name: "[PAD]") },
        Refusal(
            "a configuration of the wrong kind",
            ["tokenizer.json": tokenizer(), "special_tokens_map.json": #"{"bos_token":3}"#]
        ) {
            .value(path: $0 + "/special_tokens_map.json", line: nil, key: "bos_token", expected: .string, found: "3")
        },
        Refusal("merges of one word", ["vocab.json": vocabulary, "merges.txt": "#version: 0.2\na b</w>\nab"]) {
            .notAMerge(path: $0 + "/merges.txt", merge: 2, found: "ab")
        },
        Refusal("a list with a torn line", ["bpe_simple_vocab_16e6.txt": "version\na b\n\nc d\n"]) {
            .notAMerge(path: $0 + "/bpe_simple_vocab_16e6.txt", merge: 2, found: "")
        },
        Refusal("a list of unknown pieces", ["bpe_simple_vocab_16e6.txt": "version\na b\nabc d\n"]) {
            .unknownMergePiece(path: $0 + "/bpe_simple_vocab_16e6.txt", merge: 2, piece: "abc")
        },
    ]

    @Test("what is not CLIP's, or is broken, is refused by name", arguments: refusals)
    func refused(_ refusal: Refusal) throws {
        try withTemporaryFolder { folder in
            for (name, content) in refusal.files { try write(content, to: folder + "/" + name) }
            #expect(throws: refusal.error(folder)) { try Tokenizer(folder: folder) }
        }
    }

    @Test(
        "the smallest vocabulary works, with merges as strings or pairs",
        arguments: [#"["a b</w>"]"#, #"[["a","b</w>"]]"#])
    func smallest(_ merges: String) throws {
        try withTemporaryFolder { folder in
            try write(Self.tokenizer(merges: merges), to: folder + "/tokenizer.json")
            #expect(try Tokenizer(folder: folder).encode(["ab b"], contextLength: 5).ids == [5, 4, 3, 6, 6])
        }
    }

    @Test(
        "padding is what the configuration says, or else the end token",
        arguments: [
            ([:], 6), (["tokenizer_config.json": #"{"pad_token":"a"}"#], 0),
            (["special_tokens_map.json": #"{"pad_token":{"content":"b","lstrip":false}}"#], 1),
            (["tokenizer_config.json": #"{"pad_token":"a"}"#, "special_tokens_map.json": #"{"pad_token":"b"}"#], 0),
            (["tokenizer_config.json": #"{"pad_token":null}"#], 6),
        ] as [([String: String], Int32)])
    func padding(_ files: [String: String], _ expected: Int32) throws {
        try withTemporaryFolder { folder in
            try write(Self.tokenizer(), to: folder + "/tokenizer.json")
            for (name, content) in files { try write(content, to: folder + "/" + name) }
            #expect(try Tokenizer(folder: folder).paddingID == expected)
        }
    }

    @Test("the tokens around a text are those of the file's own template")
    func template() throws {
        try withTemporaryFolder { folder in
            let template = """
                {"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"a"}},\
                {"Sequence":{"id":"A"}},{"SpecialToken":{"id":"b"}}]},
                """
            try write(template + Self.tokenizer().dropFirst(), to: folder + "/tokenizer.json")
            let tokenizer = try Tokenizer(folder: folder)
            #expect(tokenizer.startID == 0 && tokenizer.endID == 1)
        }
    }

    @Test("OpenAI's list is the same compressed and unpacked, and a cut archive is said to be cut")
    func archive() throws {
        let path = Fixtures.Kind.list.folder + "/bpe_simple_vocab_16e6.txt.gz"
        let packed = try Data(contentsOf: URL(filePath: path))
        let merges = try String(contentsOfFile: Fixtures.Kind.pair.folder + "/merges.txt", encoding: .utf8)
        try withTemporaryFolder { folder in
            let plain = folder + "/bpe_simple_vocab_16e6.txt"
            try write(merges, to: plain)
            let text = "a photo of the large dog, it's 2024!"
            #expect(try Tokenizer(openCLIP: plain).ids(of: text) == Tokenizer(openCLIP: path).ids(of: text))

            let cut = folder + "/bpe_simple_vocab_16e6.txt.gz"
            try packed.dropLast(20).write(to: URL(filePath: cut))
            #expect(throws: TextError.damagedGzip(path: cut, truncated: true)) { try Tokenizer(openCLIP: cut) }
        }
    }

    @Test("what can't be read is said")
    func unreadable() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/tokenizer.json"
            #expect(throws: TextError.missing(path: path)) { try Tokenizer(huggingFace: path) }
            #expect(throws: TextError.notAFile(path: folder)) { try Tokenizer(huggingFace: folder) }
            try write("{", to: path)
            #expect { try Tokenizer(huggingFace: path) } throws: { error in
                if case TextError.notJSON(path, nil, _) = error { true } else { false }
            }
            let list = folder + "/list.txt"
            try Data("v\na b\n".utf8 + [0xFF, 0x20, 0x61]).write(to: URL(filePath: list))
            #expect(throws: TextError.notUTF8(path: list, line: 3)) { try Tokenizer(openCLIP: list) }
        }
    }
}
