import Foundation
import Language
import Text

extension Problem {
    static func words(_ error: TextError) -> Diagnostic {
        switch error {
        case .missing(let path):
            Diagnostic("there is nothing at \"\(path)\"", hints: ["paths count from the folder amp was started in"])
        case .notAFile(let path): Diagnostic("\"\(path)\" is no file")
        case .unreadable(let path, let code):
            Diagnostic("\"\(path)\" can't be read: \(String(cString: strerror(code)))")
        case .fileTooLarge(let path, let limit):
            Diagnostic("\"\(path)\" is larger than \(bytes(limit)), the most that is read of its kind")
        case .damagedGzip(let path, let truncated):
            Diagnostic(
                "\"\(path)\" \(truncated ? "ends too early" : "is damaged") (gzip)",
                hints: ["fetch or copy the file again"])
        case .notUTF8(let path, let line):
            Diagnostic("line \(line) of \"\(path)\" is not UTF-8", hints: ["save the file as UTF-8"])
        case .notJSON(let path, let line, let detail):
            Diagnostic("\(place(path, line)) is not valid JSON: \(detail)")
        case .value(let path, let line, let key, let expected, let found):
            Diagnostic(
                "\(key.isEmpty ? "the content" : key) of \(place(path, line)) should be \(words(expected)), found \(found)"
            )
        case .noTokenizer, .unsupportedTokenizer, .notAMerge, .unknownMergePiece, .sharedID, .noSpecialToken,
            .vocabularyTooLarge, .contextTooShort, .unknownPiece:
            ofTokenizer(error)
        case .nothing(let path): Diagnostic("there is nothing in \"\(path)\"")
        case .noColumn(let path, let column, let found):
            Diagnostic(
                "no column of \"\(path)\" holds the \(column == .image ? "images" : "captions")",
                notes: ["its first line is: " + found.joined(separator: ", ")],
                hints: ["call it \(column.names[0]), or one of: " + column.names.dropFirst().joined(separator: ", ")])
        case .fieldCount(let path, let line, let expected, let found):
            Diagnostic(
                "line \(line) of \"\(path)\" has \(found) fields, expected \(expected)",
                hints: ["put fields that hold the separator into double quotes"])
        case .unclosedQuote(let path, let line):
            Diagnostic("the quote in line \(line) of \"\(path)\" has no end")
        case .textAfterQuote(let path, let line):
            Diagnostic(
                "in line \(line) of \"\(path)\" something stands behind a closing quote",
                hints: ["write two quotes for one inside a quoted field"])
        case .blank(let path, let line): Diagnostic("line \(line) of \"\(path)\" lacks a text")
        case .unknownImage(let path, let key, let id):
            Diagnostic("\(key) of \"\(path)\" is about image \(id), which the file does not list")
        case .noPlaceholder(let path, let line, let template):
            Diagnostic(
                "line \(line) of \"\(path)\" has no {} for the class's name: \(template)",
                hints: ["write for instance: a photo of a {}."])
        }
    }

    private static func ofTokenizer(_ error: TextError) -> Diagnostic {
        switch error {
        case .noTokenizer(let folder):
            Diagnostic(
                "there is no tokenizer in \"\(folder)\"",
                notes: ["looked for: " + Tokenizer.fileNames.joined(separator: ", or ")],
                hints: ["put the model's tokenizer files beside its weights"])
        case .unsupportedTokenizer(let path, let reason):
            Diagnostic("\"\(path)\" is not CLIP's tokenizer: \(words(reason))")
        case .notAMerge(let path, let merge, let found):
            Diagnostic("merge \(merge) in \"\(path)\" is not two pieces: \(found)")
        case .unknownMergePiece(let path, let merge, let piece):
            Diagnostic("merge \(merge) in \"\(path)\" needs the piece \(piece), which the vocabulary lacks")
        case .sharedID(let path, let id, let pieces):
            Diagnostic("in \"\(path)\" the pieces \(pieces.joined(separator: " and ")) share the id \(id)")
        case .noSpecialToken(let path, let role, let name):
            Diagnostic("the vocabulary in \"\(path)\" has no token \(name.map { "\($0) " } ?? "")\(words(role))")
        case .vocabularyTooLarge(let path, let size, let rows):
            Diagnostic(
                "the tokenizer has \(size) tokens, the model embeddings for \(rows)",
                notes: ["it was read from \"\(path)\""],
                hints: ["put the tokenizer files that belong to the model beside it"])
        case .contextTooShort(let length):
            Diagnostic("the model takes texts of \(length) tokens, too few for any text")
        case .unknownPiece(let piece, let text):
            Diagnostic(
                "the tokenizer has no token for “\(piece)” in \"\(text)\"",
                hints: ["leave it out, or use the tokenizer files that belong to the model"])
        default: Diagnostic("the tokenizer can't be used")
        }
    }

    private static func place(_ path: String, _ line: Int?) -> String {
        line.map { "line \($0) of \"\(path)\"" } ?? "\"\(path)\""
    }

    private static func words(_ expectation: Expectation) -> String {
        switch expectation {
        case .object: "a JSON object"
        case .array: "a JSON array"
        case .string: "a text"
        case .strings: "a list of texts"
        case .tokenID: "a token id"
        case .identifier: "a number or a text"
        case .collection: "a JSON object or array"
        }
    }

    private static func words(_ reason: UnsupportedTokenizer) -> String {
        switch reason {
        case .model(let name): "it is of the kind \(name)"
        case .sentencePiece: "it is of the kind SentencePiece"
        case .wordPiece: "it is of the kind WordPiece"
        case .wordEnd(let found): "its words end in \(found.map { "\"\($0)\"" } ?? "nothing"), not in \"</w>\""
        case .notByteLevel: "its pieces are not made of bytes"
        case .cleaning(let step): "it cleans texts by \(step)"
        case .pattern(let pattern): "it cuts texts by another pattern: \(pattern)"
        }
    }

    private static func words(_ role: SpecialRole) -> String {
        switch role {
        case .start: "to begin a text with"
        case .end: "to end a text with"
        case .padding: "for padding"
        case .unknown: "for what it does not know"
        }
    }
}
