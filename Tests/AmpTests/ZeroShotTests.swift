import Checkpoints
import Foundation
import Testing

/// What texts, names and embeddings can have wrong, and the words amp has for it.
@Suite("Zero-shot classification and retrieval")
struct ZeroShotTests {
    /// Something done to the files beside a model, a sentence, and what is said about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let sentence: String
        let message: String
        let change: @Sendable (Folder) throws -> Void
        var testDescription: String { id }

        init(
            _ id: String, _ sentence: String, _ message: String,
            _ change: @escaping @Sendable (Folder) throws -> Void = { _ in }
        ) {
            self.id = id
            self.sentence = sentence
            self.message = message
            self.change = change
        }

        /// Said of plain `evaluate zeroshot`.
        init(_ id: String, _ message: String, _ change: @escaping @Sendable (Folder) throws -> Void) {
            self.init(id, "evaluate zeroshot", message, change)
        }
    }

    /// Three class embeddings of width 10 in the order red, blue, green, all of the same value each.
    private static func embeddings(
        _ folder: Folder, shape: [Int] = [3, 10], _ values: [Float]? = nil, names: String? = nil
    ) throws {
        let values = values ?? (0..<(shape.reduce(1, *))).map { Float(($0 * 7) % 11) - 5 }
        let file = try StagedFile(target: folder["classes.safetensors"])
        let source = TensorSource(name: "w", type: .float32, shape: shape) { write in
            try values.withUnsafeBytes { try write($0) }
        }
        try SafetensorsWriter.write([source], metadata: names.map { ["names": $0] }, to: file)
        try file.commit()
    }

    private static let retrieval = "evaluate retrieval captions=\"own.csv\""
    private static let elsewhere = "evaluate zeroshot embeddings=\"classes.safetensors\""

    private static let cases: [Case] = [
        Case("no tokenizer", "there is no tokenizer in") {
            try FileManager.default.removeItem(atPath: $0["clip/tokenizer.json"])
        },
        Case("no tokenizer, what was looked for", "looked for: tokenizer.json, or vocab.json and merges.txt, or bpe_") {
            try FileManager.default.removeItem(atPath: $0["clip/tokenizer.json"])
        },
        Case("another tokenizer", "is not CLIP's tokenizer: it is of the kind Unigram") {
            try $0.write(#"{"model": {"type": "Unigram"}}"#, to: "clip/tokenizer.json")
        },
        Case("a larger vocabulary", "the tokenizer has 91 tokens, the model embeddings for 82") {
            let text = try $0.text("clip/tokenizer.json")
            try $0.write(
                text.replacing(#""9<\/w>":75"#, with: #""9<\/w>":90"#).replacing(#""9</w>":75"#, with: #""9</w>":90"#),
                to: "clip/tokenizer.json")
        },
        Case("another end", "the tokenizer ends texts with the token 81, 'clip' reads them at 70") {
            let text = try $0.text("clip/config.json")
            try $0.write(text.replacing(#""eos_token_id":81"#, with: #""eos_token_id":70"#), to: "clip/config.json")
        },
        Case("no labels", "'flat' has no labels") {
            for number in 1...4 { try $0.write($0.bytes("photos/red/\(number).png"), to: "flat/\(number).png") }
        },
        Case("fewer names", "evaluate zeroshot classes=\"own.txt\"", "'photos' has 3 classes, \"own.txt\" has 2") {
            try $0.write("sea\ngrass\n", to: "own.txt")
        },
        Case("some names", "evaluate zeroshot classes=\"own.txt\"", "lists some classes of 'photos', but not red") {
            try $0.write("green\nblue\nbrick\n", to: "own.txt")
        },
        Case("a blank name", "evaluate zeroshot classes=\"own.txt\"", "line 2 of") {
            try $0.write("sea\n\nbrick\n", to: "own.txt")
        },
        Case("no name", "evaluate zeroshot classes=\"own.txt\"", "there is nothing in") {
            try $0.write("", to: "own.txt")
        },
        Case("a template without a place", "evaluate zeroshot templates=\"own.txt\"", "has no {} for the class's name")
        {
            try $0.write("a photo\n", to: "own.txt")
        },
        Case("templates and embeddings", elsewhere + " templates=photo", "'embeddings' has them already") {
            try embeddings($0)
        },
        Case("a tensor of nothing", "evaluate zeroshot tensor=w", "'tensor' needs the file that holds it"),
        Case("an empty path", "evaluate zeroshot embeddings=\"\"", "the path is empty"),
        Case("no embeddings", elsewhere, "there is nothing at"),
        Case("another tensor", elsewhere + " tensor=x", "there is no tensor x in") { try embeddings($0) },
        Case("embeddings of another model", elsewhere, "has shape (3, 9); the model's images have embeddings of 10") {
            try embeddings($0, shape: [3, 9])
        },
        Case("fewer embeddings", elsewhere, "'photos' has 3 classes, \"classes.safetensors\" has 2") {
            try embeddings($0, shape: [2, 10])
        },
        Case("more names than embeddings", elsewhere, "has 3 class embeddings, but 4 names") {
            try embeddings($0, names: #"["red", "blue", "green", "grey"]"#)
        },
        Case("an embedding of NaN", elsewhere, "holds a value that is not a number, in class 2") {
            try embeddings($0, (0..<30).map { $0 == 12 ? .nan : 1 })
        },
        Case("an embedding of zeros", elsewhere, "the embedding of text 1 is zero") {
            try embeddings($0, (0..<30).map { $0 < 10 ? 0 : 1 })
        },
        Case("a weight of NaN", "tensor text_projection.weight in") {
            try $0.write(
                Self.poisoned($0.bytes("clip/model.safetensors"), "text_projection.weight"),
                to: "clip/model.safetensors")
        },
        Case("no captions", retrieval, "there is nothing in") { try $0.write("", to: "own.csv") },
        Case("only a header", retrieval, "there is nothing in") { try $0.write("image,caption\n", to: "own.csv") },
        Case("no column of captions", retrieval, "no column of") { try $0.write("image,words\na,b\n", to: "own.csv") },
        Case("a blank caption", retrieval, "line 3 of") {
            try $0.write("image,caption\nred/1.png,x\nred/2.png,\n", to: "own.csv")
        },
        Case("other images", retrieval, "is about none of the images of 'photos'") {
            try $0.write("image,caption\ncat.png,a cat\n", to: "own.csv")
        },
        Case(
            "an image that could be several", retrieval, "\"1.png\" in \"own.csv\" could be several images of 'photos'"
        ) {
            try $0.write("image,caption\n1.png,a photo\n", to: "own.csv")
        },
    ]

    /// A safetensors file with NaN as the first value of a tensor.
    private static func poisoned(_ bytes: [UInt8], _ tensor: String) throws -> [UInt8] {
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSON(parsing: Data(bytes[8..<(8 + length)]))
        let place = 8 + length + (try #require(header[tensor]?["data_offsets"]?.array?.first?.int))
        return Array(bytes[..<place]) + [0, 0, 0xC0, 0x7F] + Array(bytes[(place + 4)...])
    }

    private func run(_ sentences: String, _ folder: Folder, data: String = "photos", _ arguments: String...) throws
        -> Run
    {
        try Run(
            AmpBinary.path, arguments + ["-c", "load \"clip\"; data \"\(data)\"; \(sentences)"],
            environment: ["COLUMNS": "500"], in: folder.path)
    }

    @Test("is refused with the reason", arguments: cases)
    func refused(_ example: Case) throws {
        let folder = try Folder.staged()
        try example.change(folder)
        let run = try run(example.sentence, folder, data: folder.exists("flat") ? "flat" : "photos")
        #expect(run.exitCode == 1, "\(run.output)\(run.errors)")
        #expect(run.errors.hasPrefix("error: "), "\(run.errors)")
        #expect(run.errors.contains(example.message), "\(run.errors)")
    }

    private func top1(_ sentence: String, _ folder: Folder) throws -> String {
        let run = try run(sentence, folder, "--json")
        #expect(run.exitCode == 0, "\(run.errors)")
        let line = try #require(run.output.split(separator: "\n").last { $0.contains("\"zeroshot\"") })
        return try #require(line.firstMatch(of: /"value": ?([0-9.e-]+)/).map { String($0.1) })
    }

    @Test("class embeddings count alike in either layout and, with their names, in any order")
    func layouts() throws {
        let folder = try Folder.staged()
        let rows: [[Float]] = (0..<3).map { row in (0..<10).map { Float((($0 + 3 * row) * 7) % 11) - 5 } }
        func transposed(_ rows: [[Float]]) -> [Float] { (0..<10).flatMap { column in rows.map { $0[column] } } }
        try Self.embeddings(folder, rows.flatMap { $0 })
        let expected = try top1(Self.elsewhere, folder)
        try Self.embeddings(folder, shape: [10, 3], transposed(rows))
        #expect(try top1(Self.elsewhere, folder) == expected)
        // The folders are blue, green, red.
        let shuffled = [rows[2], rows[0], rows[1]]
        try Self.embeddings(folder, shuffled.flatMap { $0 }, names: #"["Red", "blue", "green"]"#)
        #expect(try top1(Self.elsewhere, folder) == expected)
        try Self.embeddings(folder, shape: [10, 3], transposed(shuffled))
        try folder.write("red\nblue\ngreen\n", to: "own.txt")
        #expect(try top1(Self.elsewhere + " classes=\"own.txt\"", folder) == expected)
    }

    @Test("captions find their images by path, by the end of one, and by a longer path")
    func names() throws {
        let folder = try Folder.staged()
        for (colour, number) in [("red", 1), ("green", 2), ("blue", 3)] {
            for part in ["train", "val"] {
                try folder.write(
                    folder.bytes("photos/\(colour)/\(part == "val" ? number : number + 4).png"),
                    to: "split/\(part)/\(colour)/\(part)\(number).png")
            }
        }
        try folder.write(
            """
            image,caption
            val/red/val1.png,a red one
            green/val2.png,a green one
            ./val/red/val1.png,red again
            /somewhere/split/val/blue/val3.png,a blue one
            train/red/train1.png,not this one
            val9.png,nor this
            other/val3.png,nor that

            """, to: "own.csv")
        let run = try run(Self.retrieval, folder, data: "split")
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("of 3 validation images and 4 captions"), "\(run.output)")
        #expect(run.output.contains("about other images of 'split': 1 caption"), "\(run.output)")
        #expect(
            run.output.contains("about 2 images that 'split' does not have (val9.png, …): 2 captions"), "\(run.output)")
    }

    @Test("a caption that is too long is cut, and that is said")
    func long() throws {
        let folder = try Folder.staged()
        let places = ["blue", "green", "red"].flatMap { colour in (1...8).map { "\(colour)/\($0).png" } }
        let captions = places.enumerated().map { "\($1),\(String(repeating: "very ", count: $0 % 2 == 0 ? 9 : 1)) red" }
        try folder.write((["image,caption"] + captions).joined(separator: "\n"), to: "own.csv")
        let run = try run(Self.retrieval, folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("warning: cut to the model's 32 tokens: "), "\(run.output)")
    }

    @Test("texts are embedded once, however often the model is pruned")
    func pruned() throws {
        let folder = try Folder.staged()
        let run = try run(
            "evaluate zeroshot; score magnitude; search all within 100000 batch=4; prune; evaluate zeroshot", folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.components(separatedBy: "class embeddings from cache").count == 2, "\(run.errors)")
    }
}
