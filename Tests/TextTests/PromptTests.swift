import Foundation
import Samples
import Testing
import Text

@Suite("Class names and templates")
struct PromptTests {
    @Test(
        "names of folders have spaces for underscores",
        arguments: [
            ("golden_retriever", "golden retriever"), ("cat", "cat"), ("_a__b_", "a b"), ("T-shirt", "T-shirt"),
        ])
    func folders(_ folder: String, _ name: String) {
        #expect(ClassNames(folders: [folder]).names == [name])
    }

    @Test(
        "names come from lines, an array or an object by label",
        arguments: [
            "cat\nhot dog\ncrane\ncrane\n", "cat\r\n hot dog \r\ncrane\r\ncrane\r\n\r\n",
            #"["cat","hot dog","crane","crane"]"#, #" {"0":"cat","3":"crane","1":"hot dog","2":"crane"}"#,
        ])
    func names(_ content: String) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/classes"
            try write(content, to: path)
            #expect(try ClassNames(path: path).names == ["cat", "hot dog", "crane", "crane"])
        }
    }

    static let refusals: [(String, @Sendable (String) -> TextError)] = [
        ("cat\n\ndog\n", { .blank(path: $0, line: 2) }),
        ("\n", { .nothing(path: $0) }), ("", { .nothing(path: $0) }), ("[]", { .nothing(path: $0) }),
        (
            #"{"0":"cat","2":"dog"}"#,
            { .value(path: $0, line: nil, key: "1", expected: .string, found: "nothing") }
        ),
        (#"["cat",""]"#, { .value(path: $0, line: nil, key: "[1]", expected: .string, found: "\"\"") }),
        (#"["cat",7]"#, { .value(path: $0, line: nil, key: "[1]", expected: .string, found: "7") }),
    ]

    @Test("a name that is missing is refused, because it would shift the labels", arguments: refusals)
    func refusedNames(_ content: String, _ error: @Sendable (String) -> TextError) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/classes"
            try write(content, to: path)
            #expect(throws: error(path)) { try ClassNames(path: path) }
        }
    }

    @Test("templates put the name where the braces are")
    func templates() throws {
        #expect(Templates().texts(for: "cat") == ["a photo of a cat."])
        #expect(Templates(.imagenet7).count == 7)
        #expect(Templates(.imagenet7).texts(for: "{}").allSatisfy { $0.contains("{}") })
        try withTemporaryFolder { folder in
            let path = folder + "/templates.txt"
            try write("{} and {}\n\n  a sketch of a {}\n", to: path)
            #expect(try Templates(path: path).texts(for: "dog") == ["dog and dog", "a sketch of a dog"])
            try write("a {}\na photo\n", to: path)
            #expect(throws: TextError.noPlaceholder(path: path, line: 2, template: "a photo")) {
                try Templates(path: path)
            }
            try write("\n", to: path)
            #expect(throws: TextError.nothing(path: path)) { try Templates(path: path) }
        }
    }
}

@Suite("Tokenizer files with random damage")
struct TokenizerDamageTests {
    @Test("are read or refused, 2,000 of them", arguments: Fixtures.Kind.allCases)
    func damage(_ kind: Fixtures.Kind) throws {
        var numbers = Numbers(seed: kind.rawValue.count)
        let names = try FileManager.default.contentsOfDirectory(atPath: kind.folder).sorted()
        let contents = try names.map { Array(try Data(contentsOf: URL(filePath: kind.folder + "/" + $0))) }
        var refused = 0
        try withTemporaryFolder { folder in
            for turn in 0..<500 {
                for (place, name) in names.enumerated() {
                    let bytes = turn % names.count == place ? damaged(contents[place], &numbers) : contents[place]
                    try Data(bytes).write(to: URL(filePath: folder + "/" + name))
                }
                do {
                    let encoded = try Tokenizer(folder: folder).encode(["a cat's photo"], contextLength: 8)
                    #expect(encoded.ids.count == 8)
                } catch is TextError { refused += 1 }
            }
        }
        #expect(refused > 20)
    }
}
