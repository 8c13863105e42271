import Foundation
import Images
import Language

extension Problem {
    static func words(_ error: ImageError) -> Diagnostic {
        switch error {
        case .missing(let path):
            return Diagnostic(
                "there is nothing at \"\(path)\"", hints: ["paths count from the folder amp was started in"])
        case .noImages(let path, let ignored):
            return Diagnostic(
                "no images in \"\(path)\"",
                notes: [ignored == 0 ? "the folder is empty" : "\(ignored) other files were found there"],
                hints: ["name a folder with .jpg, .jpeg or .png files, IDX files, or a .safetensors file"])
        case .allBroken(let count, let first):
            return Diagnostic(
                count == 1 ? "the only image can't be read" : "none of the \(count) images can be read",
                notes: ["the first: \(reason(first))"])
        case .noImageTensor(let path, let name, let candidates):
            let known =
                candidates.isEmpty ? "no tensor there has four axes" : "it has: " + candidates.joined(separator: ", ")
            guard let name else {
                return Diagnostic(
                    "which tensor of \"\(path)\" holds the images?", notes: [known],
                    hints: candidates.first.map { ["say it: data \"…\" tensor=\($0)"] } ?? [])
            }
            return Diagnostic("\"\(path)\" has no tensor \(name) that can hold images", notes: [known])
        default: return Diagnostic(reason(error))
        }
    }

    /// What is wrong, in one clause.
    static func reason(_ error: ImageError) -> String {
        switch error {
        case .missing(let path): "there is nothing at \"\(path)\""
        case .unreadable(let path, let code): "\"\(path)\" can't be read: \(String(cString: strerror(code)))"
        case .notADataSet(let path, let leading):
            "\"\(path)\" holds no images that amp reads: it begins with \(hexadecimal(leading))"
        case .notAFile(let path): "\"\(path)\" is neither a file nor a folder of images"
        case .fileTooLarge(let path, let size, let limit):
            "\"\(path)\" has \(bytes(size)); at most \(bytes(limit)) are read"
        case .notAnImage(let path, let leading):
            "\"\(path)\" is neither JPEG nor PNG: it begins with \(hexadecimal(leading))"
        case .truncatedImage(let path, let format): "the \(format.rawValue) \"\(path)\" ends before its last row"
        case .damagedImage(let path, let format, let detail):
            "the \(format.rawValue) \"\(path)\" is damaged: \(detail)"
        case .tooManyPixels(let path, let width, let height, let limit):
            "\"\(path)\" claims \(width)×\(height) pixels; at most \(limit / 1_000_000) million are read"
        case .wrongSize(let path, let expected, let found):
            """
            "\(path)" comes out at \(found.height)×\(found.width), the model takes \(expected.height)×\(expected.width)
            """
        case .configurationNotAnObject: "the preprocessing configuration is no JSON object"
        case .configurationValue(let key, let expected, let found):
            "the preprocessing configuration's \(key) should be \(words(expected)), found \(found)"
        case .noImages(let path, _): "no images in \"\(path)\""
        case .allBroken(let count, let first): "none of \(count) images can be read: \(reason(first))"
        case .notIDX(let path, let dimensions, let leading):
            """
            "\(path)" is not an IDX file of \(dimensions == 3 ? "images" : "labels"): it begins with \(hexadecimal(leading))
            """
        case .wrongIDXSize(let path, let expected, let found):
            "the header of \"\(path)\" promises \(expected) bytes, the file holds \(found)"
        case .wrongIDXDimensions(let path, let dimensions):
            "the header of \"\(path)\" names sizes that can't be: \(dimensions.map(String.init).joined(separator: " × "))"
        case .damagedGzip(let path, let truncated): "\"\(path)\" \(truncated ? "ends too early" : "is damaged") (gzip)"
        case .labelCount(let path, let images, let labels):
            "\(images) images but \(labels) labels beside \"\(path)\""
        case .noImageTensor(let path, let name, _): "\"\(path)\" has no tensor \(name ?? "of images")"
        case .wrongTensorShape(let path, let tensor, let expected, let found):
            "tensor \(tensor) in \"\(path)\" has shape \(shape(found)), expected \(shape(expected))"
        case .notFinite(let path, let tensor, let image):
            "tensor \(tensor) in \"\(path)\" holds a value that is not a number, in image \(image + 1)"
        case .negativeLabel(let path, let index, let label): "label \(index + 1) beside \"\(path)\" is \(label)"
        case .tokenOutOfRange(let path, let tensor, let text, let token):
            "tensor \(tensor) in \"\(path)\" holds \(token) in text \(text + 1), which is no token id"
        case .splitOutOfRange(let percent): "a split of \(percent)% leaves nothing on one side: 1% to 99%"
        case .limitOutOfRange(let limit): "a limit of \(limit) leaves no image"
        case .rangeOutOfPart(let lower, let upper, let count): "images \(lower)..<\(upper) of \(count) were asked for"
        }
    }

    private static func words(_ expectation: ConfigurationExpectation) -> String {
        switch expectation {
        case .boolean: "true or false"
        case .positiveInteger: "a whole number above 0"
        case .positiveNumber: "a number above 0"
        case .finiteNumber: "a number"
        case .string: "a string"
        case .numbers(let count): "a number or \(count) of them"
        case .size: "a size: one number, {\"height\", \"width\"} or {\"shortest_edge\"}"
        case .inputSize: "[channels, height, width]"
        case .oneOf(let names): "one of " + names.joined(separator: ", ")
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "nothing (the file is empty)" }
        if bytes.allSatisfy({ (32..<127).contains($0) }) { return "“\(String(decoding: bytes, as: UTF8.self))”" }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
