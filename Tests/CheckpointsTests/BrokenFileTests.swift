import Checkpoints
import Foundation
import Samples
import Testing

@Suite("Broken safetensors files are refused by what is wrong with them")
struct BrokenFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let bytes: [UInt8]
        let expected: CheckpointError.Kind
        var testDescription: String { id }

        init(_ id: String, _ bytes: [UInt8], _ expected: CheckpointError.Kind) {
            self.id = id
            self.bytes = bytes
            self.expected = expected
        }

        init(_ id: String, _ file: RawFile, _ expected: CheckpointError.Kind) {
            self.init(id, file.bytes, expected)
        }

        init(_ id: String, entry: String, data: Int = 16, _ expected: CheckpointError.Kind) {
            self.init(id, RawFile.entry(entry, data: data), expected)
        }
    }

    private static let good = #"{"dtype":"F32","shape":[4],"data_offsets":[0,16]}"#
    private static let nested = String(repeating: "[", count: 100_000)

    private static let files: [Case] = [
        Case("empty", [UInt8](), .truncated),
        Case("shorter than a length", [1, 0, 0], .truncated),
        Case("header beyond the file", RawFile("{}", announced: 3), .truncated),
        Case("header far beyond the file", RawFile("{}", announced: 99_999_999), .truncated),
        Case("huge header", RawFile("{}", announced: 100_000_001), .malformedHeader),
        Case("header of all bits", RawFile("{}", announced: .max), .malformedHeader),
        Case("header of the largest whole number", RawFile("{}", announced: 1 << 63 - 1), .malformedHeader),
        Case("empty header", RawFile(""), .malformedHeader),
        Case("bad UTF-8", RawFile(header: Array("{\"".utf8) + [0xC3, 0x28] + Array("\":1}".utf8)), .malformedHeader),
        Case("UTF-8 cut short", RawFile(header: Array("{\"a".utf8) + [0xE2, 0x82]), .malformedHeader),
        Case("not JSON", RawFile("header"), .malformedHeader),
        Case("JSON cut short", RawFile(#"{"w":{"dtype":"F32""#), .malformedHeader),
        Case("a number", RawFile("12"), .malformedHeader),
        Case("an array", RawFile("[]"), .malformedHeader),
        Case("null", RawFile("null"), .malformedHeader),
        Case("metadata that are no object", RawFile(#"{"__metadata__":[1]}"#), .malformedHeader),
        Case("metadata that are no strings", RawFile(#"{"__metadata__":{"a":1}}"#), .malformedHeader),
        Case("deep nesting", RawFile(nested), .malformedHeader),
        Case("deep nesting inside", RawFile(#"{"w":"# + nested), .malformedHeader),
        Case("zeros", [UInt8](repeating: 0, count: 64), .malformedHeader),
    ]

    private static let entries: [Case] = [
        Case("data cut short", entry: good, data: 15, .truncated),
        Case("no data", entry: good, data: 0, .truncated),
        Case("entry is a number", entry: "3", .malformedTensor),
        Case("entry is null", entry: "null", .malformedTensor),
        Case("no dtype", entry: #"{"shape":[4],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("no shape", entry: #"{"dtype":"F32","data_offsets":[0,16]}"#, .malformedTensor),
        Case("no offsets", entry: #"{"dtype":"F32","shape":[4]}"#, .malformedTensor),
        Case("dtype is a number", entry: #"{"dtype":1,"shape":[4],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("shape is a number", entry: #"{"dtype":"F32","shape":4,"data_offsets":[0,16]}"#, .malformedTensor),
        Case("shape of strings", entry: #"{"dtype":"F32","shape":["4"],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("negative shape", entry: #"{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("negative twice", entry: #"{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("fractional shape", entry: #"{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("huge shape", entry: #"{"dtype":"F32","shape":[9e18],"data_offsets":[0,16]}"#, .malformedTensor),
        Case("shape beyond 64 bits", entry: #"{"dtype":"F32","shape":[1e30],"data_offsets":[0,16]}"#, .malformedTensor),
        Case(
            "shape whose product wraps round to nothing",
            entry: #"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}"#, .malformedTensor),
        Case(
            "shape that overflows behind a zero",
            entry: #"{"dtype":"F32","shape":[0,4611686018427387904,8],"data_offsets":[0,0]}"#, .malformedTensor),
        Case("offsets reversed", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[16,0]}"#, .malformedTensor),
        Case("negative offset", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}"#, .malformedTensor),
        Case("one offset", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[16]}"#, .malformedTensor),
        Case("three offsets", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[0,16,32]}"#, .malformedTensor),
        Case("fractional offset", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[0.5,16.5]}"#, .malformedTensor),
        Case("offsets beyond the file", entry: #"{"dtype":"F32","shape":[4],"data_offsets":[1,17]}"#, .truncated),
        Case(
            "offsets at the end of 64 bits",
            entry: #"{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}"#, .truncated),
        Case(
            "offsets that hold too much", entry: #"{"dtype":"F32","shape":[3],"data_offsets":[0,16]}"#, .malformedTensor
        ),
        Case(
            "offsets that hold too little", entry: #"{"dtype":"F64","shape":[4],"data_offsets":[0,16]}"#,
            .malformedTensor),
        Case("unknown dtype", entry: #"{"dtype":"F31","shape":[4],"data_offsets":[0,16]}"#, .unsupportedType),
        Case("dtype in small letters", entry: #"{"dtype":"f32","shape":[4],"data_offsets":[0,16]}"#, .unsupportedType),
        Case(
            "the same bytes twice", RawFile(#"{"a":\#(good),"b":\#(good)}"#, data: 32), .overlappingTensors),
        Case(
            "bytes that overlap by one",
            RawFile(#"{"a":\#(good),"b":{"dtype":"U8","shape":[2],"data_offsets":[15,17]}}"#, data: 32),
            .overlappingTensors),
        Case(
            "nothing inside of something",
            RawFile(#"{"a":\#(good),"b":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}"#, data: 32),
            .overlappingTensors),
    ]

    @Test("each by its case", arguments: files + entries)
    func refused(_ example: Case) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.safetensors"
            try write(example.bytes, to: path)
            let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
            #expect(error?.kind == example.expected, "\(String(describing: error))")
        }
    }

    private func error(_ file: RawFile) throws -> CheckpointError? {
        try withTemporaryFolder { folder in
            try write(file.bytes, to: folder + "/w")
            do { _ = try SafetensorsFile(path: folder + "/w") } catch let error as CheckpointError { return error }
            return nil
        }
    }

    @Test("what is missing is told in bytes")
    func bytes() throws {
        guard case .truncated(_, let expected, let found)? = try error(.entry(Self.good, data: 10)) else {
            Issue.record("not refused as truncated")
            return
        }
        #expect(expected - found == 6)
    }

    @Test("the tensors concerned are named")
    func names() throws {
        guard
            case .overlappingTensors(_, let first, let second)? = try error(
                RawFile(#"{"b":\#(Self.good),"a":\#(Self.good)}"#, data: 32))
        else {
            Issue.record("not refused as overlapping")
            return
        }
        #expect([first, second] == ["a", "b"])
        guard
            case .unsupportedType(_, let tensor, let type)? = try error(
                .entry(#"{"dtype":"F4","shape":[4],"data_offsets":[0,2]}"#))
        else {
            Issue.record("not refused for its type")
            return
        }
        #expect([tensor, type] == ["w", "F4"])
    }

    @Test("files that only look odd are read")
    func odd() throws {
        let files = [
            RawFile("{}"), RawFile("{}      "), RawFile("{}", data: 100),
            RawFile(#"{"__metadata__":{"format":"pt"}}"#),
            RawFile.entry(#"{"dtype":"F32","shape":[],"data_offsets":[0,4]}"#),
            RawFile.entry(#"{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}"#),
            RawFile.entry(#"{"dtype":"F32","shape":[2,2],"data_offsets":[0,16],"more":1}"#),
            RawFile(#"{"ü 模型 \n":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: 2),
        ]
        for file in files {
            let found = try error(file)
            #expect(found == nil, "\(String(decoding: file.header, as: UTF8.self))")
        }
    }
}
