import Foundation
import Samples
import Testing
import Text

@Suite("Captions")
struct CaptionTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let content: String

        init(_ description: String, _ file: String, _ content: String) {
            testDescription = description
            self.file = file
            self.content = content
        }
    }

    /// Two captions of a.jpg and one of b/c.jpg, in all the forms people have.
    static let forms = [
        Form(
            "commas", "captions.csv", "image,caption\na.jpg,a cat\na.jpg,\"a \"\"big\"\" cat, asleep\"\nb/c.jpg,dogs\n"),
        Form(
            "Windows lines, no last end", "captions.csv",
            "image,caption\r\na.jpg,a cat\r\na.jpg,\"a \"\"big\"\" cat, asleep\"\r\nb/c.jpg,dogs"),
        Form(
            "a mark of UTF-8", "captions.csv",
            "\u{FEFF}image,caption\na.jpg,a cat\na.jpg,\"a \"\"big\"\" cat, asleep\"\nb/c.jpg,dogs\n"),
        Form(
            "more columns in another order", "c.csv",
            "id,Title,\"filepath\"\n1,a cat,./a.jpg\n2,\"a \"\"big\"\" cat, asleep\",a.jpg\n\n3,dogs,b/c.jpg\n"),
        Form("tabs", "captions.tsv", "filepath\ttitle\na.jpg\ta cat\na.jpg\ta \"big\" cat, asleep\nb/c.jpg\tdogs\n"),
        Form(
            "Flickr30k", "results.csv",
            "image_name| comment_number| comment\na.jpg| 0| a cat\na.jpg| 1| a \"big\" cat, asleep\nb/c.jpg| 0| dogs\n"),
        Form("Flickr8k", "Flickr8k.token.txt", "a.jpg#0\ta cat\na.jpg#1\ta \"big\" cat, asleep\nb/c.jpg#0\tdogs\n"),
        Form(
            "COCO", "captions_val2017.json",
            #"{"info":{},"images":[{"id":7,"file_name":"a.jpg"},{"id":"x","file_name":"b/c.jpg"},{"id":9,"file_name":"z.jpg"}],"#
                + #""annotations":[{"id":1,"image_id":7,"caption":"a cat"},{"image_id":7,"caption":"a \"big\" cat, asleep\n"},{"image_id":"x","caption":"dogs"}]}"#
        ),
        Form(
            "objects", "captions.json",
            #"[{"image":"a.jpg","caption":["a cat","a \"big\" cat, asleep"]},{"file_name":"b/c.jpg","text":"dogs"}]"#),
        Form("by image", "captions.json", #"{"a.jpg":["a cat","a \"big\" cat, asleep"],"b/c.jpg":"dogs"}"#),
        Form(
            "JSON lines", "metadata.jsonl",
            "{\"file_name\":\"a.jpg\",\"text\":\"a cat\"}\n\n{\"file_name\":\"a.jpg\",\"text\":\"a \\\"big\\\" cat, asleep\"}\n{\"image\":\"b/c.jpg\",\"captions\":[\"dogs\"]}\n"
        ),
    ]

    @Test("are read in the forms that people have", arguments: forms)
    func read(_ form: Form) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/" + form.file
            try write(form.content, to: path)
            let captions = try Captions.load(path: path)
            #expect(captions.images == ["a.jpg", "b/c.jpg"])
            #expect(captions.texts == ["a cat", "a \"big\" cat, asleep", "dogs"])
            #expect(captions.owners == [0, 0, 1])
        }
    }

    @Test("a quoted caption may hold line ends, and lines are counted through it")
    func lineEnds() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/c.csv"
            try write("image,caption\na.jpg,\"two\nlines\"\nb.jpg,\"\n\nx\"\n", to: path)
            #expect(try Captions.load(path: path).texts == ["two\nlines", "x"])
            try write("image,caption\na.jpg,\"two\nlines\"\nb.jpg\n", to: path)
            #expect(throws: TextError.fieldCount(path: path, line: 4, expected: 2, found: 1)) {
                try Captions.load(path: path)
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let form: Form
        let error: @Sendable (String) -> TextError

        init(
            _ description: String, _ file: String, _ content: String, _ error: @escaping @Sendable (String) -> TextError
        ) {
            testDescription = description
            form = Form(description, file, content)
            self.error = error
        }
    }

    static let refusals = [
        Refusal("an empty file", "c.csv", "") { .nothing(path: $0) },
        Refusal("a header alone", "c.csv", "image,caption\n") { .nothing(path: $0) },
        Refusal("no header", "c.csv", "a.jpg,a cat\n") { .noColumn(path: $0, of: .image, found: ["a.jpg", "a cat"]) },
        Refusal("no captions", "c.tsv", "image\tlabel\n") {
            .noColumn(path: $0, of: .caption, found: ["image", "label"])
        },
        Refusal("a caption with a bare comma", "c.csv", "image,caption\na.jpg,a cat\nb.jpg,a dog, asleep\n") {
            .fieldCount(path: $0, line: 3, expected: 2, found: 3)
        },
        Refusal("a missing separator", "c.csv", "image_name| comment_number| comment\na.jpg| 4 A dog\n") {
            .fieldCount(path: $0, line: 2, expected: 3, found: 2)
        },
        Refusal("a quote without an end", "c.csv", "image,caption\na.jpg,\"a cat\nb.jpg,a dog\n") {
            .unclosedQuote(path: $0, line: 2)
        },
        Refusal("text after a quote", "c.csv", "image,caption\na.jpg,\"a\" cat\n") {
            .textAfterQuote(path: $0, line: 2)
        },
        Refusal("a blank caption", "c.csv", "image,caption\na.jpg, \n") { .blank(path: $0, line: 2) },
        Refusal("a blank image", "c.csv", "image,caption\n,a cat\n") { .blank(path: $0, line: 2) },
        Refusal("Flickr8k without a tab", "c.txt", "a.jpg#0\ta cat\nb.jpg#0 a dog\n") {
            .fieldCount(path: $0, line: 2, expected: 2, found: 1)
        },
        Refusal("Flickr8k without a caption", "c.txt", "a.jpg#0\ta cat\nb.jpg#0\t \n") { .blank(path: $0, line: 2) },
        Refusal("COCO with an unknown image", "c.json", #"{"images":[],"annotations":[{"image_id":3,"caption":"x"}]}"#)
        {
            .unknownImage(path: $0, key: "annotations[0]", id: "3")
        },
        Refusal("COCO without names", "c.json", #"{"images":[{"id":1}],"annotations":[]}"#) {
            .value(path: $0, line: nil, key: "images[0].file_name", expected: .string, found: "nothing")
        },
        Refusal("COCO without lists", "c.json", #"{"images":3,"annotations":[]}"#) {
            .value(path: $0, line: nil, key: "images", expected: .array, found: "3")
        },
        Refusal(
            "COCO without a caption", "c.json",
            #"{"images":[{"id":1,"file_name":"a"}],"annotations":[{"image_id":1,"caption":null}]}"#
        ) { .value(path: $0, line: nil, key: "annotations[0].caption", expected: .string, found: "null") },
        Refusal("JSON of the wrong kind", "c.json", "3") {
            .value(path: $0, line: nil, key: "", expected: .collection, found: "3")
        },
        Refusal("an object without an image", "c.json", #"[{"caption":"x"}]"#) {
            .value(path: $0, line: nil, key: "[0].image", expected: .string, found: "null")
        },
        Refusal("a list with a number", "c.json", #"{"a.jpg":["x",3]}"#) {
            .value(path: $0, line: nil, key: "a.jpg", expected: .strings, found: "3")
        },
        Refusal("a line without a caption", "c.jsonl", "{\"image\":\"a\",\"text\":\"b\"}\n{\"image\":\"a\"}\n") {
            .value(path: $0, line: 2, key: "caption", expected: .string, found: "null")
        },
    ]

    @Test("that are broken are refused with their line or place", arguments: refusals)
    func refused(_ refusal: Refusal) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/" + refusal.form.file
            try write(refusal.form.content, to: path)
            #expect(throws: refusal.error(path)) { try Captions.load(path: path) }
        }
    }

    @Test("lines that are no UTF-8 or no JSON are named")
    func lines() throws {
        try withTemporaryFolder { folder in
            let table = folder + "/c.csv"
            try Data("image,caption\na.jpg,x\nb.jpg,".utf8 + [0xC3, 0x28]).write(to: URL(filePath: table))
            #expect(throws: TextError.notUTF8(path: table, line: 3)) { try Captions.load(path: table) }
            let lines = folder + "/c.jsonl"
            try write("{\"image\":\"a\",\"text\":\"b\"}\n{oops\n", to: lines)
            #expect { try Captions.load(path: lines) } throws: { error in
                if case TextError.notJSON(lines, 2, _) = error { true } else { false }
            }
        }
    }

    @Test("with random damage are read or refused, 4,000 of them", arguments: 0..<4)
    func damage(_ seed: Int) throws {
        var numbers = Numbers(seed: seed)
        var read = 0
        try withTemporaryFolder { folder in
            for turn in 0..<1_000 {
                let form = Self.forms[turn % Self.forms.count]
                let path = folder + "/" + form.file
                try Data(damaged(Array(form.content.utf8), &numbers)).write(to: URL(filePath: path))
                do {
                    let captions = try Captions.load(path: path)
                    read += 1
                    #expect(captions.owners.count == captions.texts.count)
                    #expect(Set(captions.owners) == Set(captions.images.indices))
                } catch is TextError {}
            }
        }
        #expect(read > 100)
    }
}

/// Some bytes changed, lost or repeated.
func damaged(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var bytes = bytes
    let signs = Array("\",|\t\n\r#{}[]:0-9\\".utf8)
    for _ in 0...numbers.index(below: 3) where !bytes.isEmpty {
        let place = numbers.index(below: bytes.count)
        switch numbers.index(below: 5) {
        case 0: bytes[place] = UInt8(numbers.index(below: 256))
        case 1: bytes[place] = signs[numbers.index(below: signs.count)]
        case 2: bytes.removeLast(numbers.index(below: min(bytes.count, 40)))
        case 3: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        }
    }
    return bytes
}
