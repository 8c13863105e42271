import Checkpoints
import Foundation
import Samples
import Testing

@Suite("Checkpoints on disk")
struct CheckpointTests {
    private static let weights = RawFile(#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, data: 16).bytes

    private func error(_ path: String) -> CheckpointError? {
        do { _ = try Checkpoint(path: path) } catch { return error }
        return nil
    }

    @Test("a folder with its configuration files")
    func folder() throws {
        try withTemporaryFolder { folder in
            try write(Self.weights, to: folder + "/model.safetensors")
            try write(Self.weights, to: folder + "/other.safetensors")
            try write(#"{"hidden_size": 4}"#.utf8, to: folder + "/config.json")
            try write(#"{"size": 224}"#.utf8, to: folder + "/preprocessor_config.json")
            try write(#"{"widths": [3]}"#.utf8, to: folder + "/amp.json")
            let checkpoint = try Checkpoint(path: folder)
            #expect(checkpoint.weights.path == folder + "/model.safetensors")
            #expect(checkpoint.config?["hidden_size"]?.int == 4)
            #expect(checkpoint.preprocessor?["size"]?.int == 224)
            #expect(checkpoint.pruningRecord?["widths"]?.array == [3])
            #expect(checkpoint.rawFile("config.json") == Data(#"{"hidden_size": 4}"#.utf8))
            #expect(checkpoint.rawFile("nothing.json") == nil)
        }
    }

    @Test("a bare file, with the configuration beside it or without")
    func bareFile() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/weights.safetensors"
            try write(Self.weights, to: path)
            let alone = try Checkpoint(path: path)
            #expect(alone.config == nil)
            #expect(alone.directory == folder)
            #expect(try Checkpoint(path: folder).weights.path == path, "the only file of its kind in a folder")
            try write("{}".utf8, to: folder + "/config.json")
            #expect(try Checkpoint(path: path).config == .object([:]))
        }
    }

    @Test("what is not there, or is no single file of weights")
    func noWeights() throws {
        try withTemporaryFolder { folder in
            #expect(error(folder + "/nothing") == .notFound(path: folder + "/nothing"))
            #expect(error(folder) == .noWeights(directory: folder, found: []))
            try write(Self.weights, to: folder + "/b.safetensors")
            try write(Self.weights, to: folder + "/a.safetensors")
            #expect(error(folder) == .noWeights(directory: folder, found: ["a.safetensors", "b.safetensors"]))
        }
        try withTemporaryFolder { folder in
            try write(Self.weights, to: folder + "/model-1.safetensors")
            try write("{}".utf8, to: folder + "/model.safetensors.index.json")
            #expect(error(folder)?.kind == .malformedIndex, "one part of several")
        }
    }

    @Test(
        "other formats are named",
        arguments: [
            (.torchBeforeZip, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]),
            (.pickle, [0x80, 0x04, 0x95, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.gguf, [0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, 1, 0]),
            (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
            (.numpy, [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]),
            (.torchTar, [UInt8](repeating: 0, count: 257) + Array("ustar".utf8)),
        ] as [(ForeignFormat, [UInt8])])
    func otherFormats(_ format: ForeignFormat, _ bytes: [UInt8]) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pytorch_model.bin"
            try write(bytes + [UInt8](repeating: 0, count: 100), to: path)
            #expect(error(path) == .unsupportedFormat(path: path, format: format))
        }
    }

    @Test(
        "a header whose length looks like another format's first bytes is read all the same", arguments: [0x280, 0x380])
    func lengthLikeMagic(_ length: Int) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.safetensors"
            let header = #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#
            try write(RawFile(header.padding(toLength: length, withPad: " ", startingAt: 0), data: 16).bytes, to: path)
            #expect(try Checkpoint(path: path).weights.names == ["w"])
        }
    }

    @Test(
        "a configuration that is no JSON is named", arguments: ["config.json", "preprocessor_config.json", "amp.json"])
    func malformed(_ name: String) throws {
        try withTemporaryFolder { folder in
            try write(Self.weights, to: folder + "/model.safetensors")
            for text in ["", "{", "{'a': 1}", "{\"a\": 1e999}", String(repeating: "[", count: 10_000)] {
                try write(text.utf8, to: folder + "/" + name)
                guard case .malformedJSON(let path, _)? = error(folder) else {
                    Issue.record("\(text.prefix(20)) was read")
                    continue
                }
                #expect(path == folder + "/" + name)
            }
        }
    }

    @Test("something else than a file is refused")
    func noFile() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/model.safetensors", withIntermediateDirectories: false)
            #expect(error(folder)?.kind == .unreadable)
        }
    }

    @Test("a file's SHA-256 is that of its bytes")
    func digest() throws {
        try withTemporaryFolder { folder in
            // The examples of FIPS 180: nothing, "abc", a million times "a"; the last is longer than one piece.
            let examples = [
                ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                (
                    String(repeating: "a", count: 1_000_000),
                    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
                ),
            ]
            for (text, expected) in examples {
                try write(text.utf8, to: folder + "/f")
                #expect(try sha256(ofFile: folder + "/f") == expected)
                #expect(sha256(of: Data(text.utf8)) == expected)
            }
        }
    }
}
