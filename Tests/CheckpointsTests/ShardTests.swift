import Checkpoints
import Foundation
import Samples
import Testing

@Suite("Weights in several files")
struct ShardTests {
    private static func shard(_ names: [String]) -> [UInt8] {
        let entries = names.enumerated().map { index, name in
            #""\#(name)":{"dtype":"F32","shape":[2],"data_offsets":[\#(8 * index),\#(8 * index + 8)]}"#
        }
        return RawFile(
            "{\"__metadata__\":{\"format\":\"pt\"},\(entries.joined(separator: ","))}", data: 8 * names.count
        )
        .bytes
    }

    private static func index(_ map: [(String, String)]) -> [UInt8] {
        let entries = map.map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
        return Array(#"{"metadata":{"total_size":1},"weight_map":{\#(entries)}}"#.utf8)
    }

    private func withShards<Result>(
        _ map: [(String, String)], _ body: (_ index: String) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            try write(Self.shard(["a", "c"]), to: folder + "/m-1.safetensors")
            try write(Self.shard(["b", "d"]), to: folder + "/m-2.safetensors")
            try write(Self.index(map), to: folder + "/model.safetensors.index.json")
            return try body(folder + "/model.safetensors.index.json")
        }
    }

    @Test("are read through their index, given by itself or by its folder")
    func read() throws {
        try withShards([("b", "m-2.safetensors"), ("a", "m-1.safetensors"), ("c", "m-1.safetensors")]) { index in
            let folder = (index as NSString).deletingLastPathComponent
            for path in [index, folder] {
                let checkpoint = try Checkpoint(path: path)
                let weights = checkpoint.weights
                #expect(checkpoint.directory == folder)
                #expect(weights.format == .shardedSafetensors)
                #expect(weights.names == ["a", "c", "b"])
                #expect(weights.skipped == ["d in m-2.safetensors"])
                #expect(weights.metadata == ["format": "pt"])
                #expect(weights.files == [index, folder + "/m-1.safetensors", folder + "/m-2.safetensors"])
                #expect(try Weights.files(at: index) == weights.files)
                #expect(try Array(weights.bytes("c")) == (8..<16).map { UInt8(truncatingIfNeeded: $0 * 37) })
            }
        }
    }

    @Test("may be PyTorch archives, whose common prefix is taken off")
    func torch() throws {
        try withTemporaryFolder { folder in
            for (file, name) in [("p-1.bin", "module.x"), ("p-2.bin", "module.y")] {
                let tensor = PickleItem.tensor(.storage("ByteStorage", key: "0", count: 2), shape: [2])
                let zip = ZipWriter.torch(.dictionary([(name, tensor)]), storages: [("0", Array(file.utf8.prefix(3)))])
                try write(zip.bytes, to: folder + "/" + file)
            }
            let index = Self.index([("module.y", "p-2.bin"), ("module.x", "p-1.bin")])
            try write(index, to: folder + "/pytorch_model.bin.index.json")
            let weights = try Checkpoint(path: folder).weights
            #expect(weights.format == .shardedTorch)
            #expect(weights.names == ["x", "y"])
            #expect(weights.unwrapped == ["module."])
            #expect(try weights.integers("y") == [Int](Array("p-2".utf8).prefix(2).map(Int.init)))
        }
    }

    @Test(
        "that the index gets wrong are named",
        arguments: [
            ([("a", "m-3.safetensors")], .missingShard), ([("b", "m-1.safetensors")], .tensorNotInShard),
            ([("a", "../m-1.safetensors")], .shardOutsideFolder), ([("a", "/m-1.safetensors")], .shardOutsideFolder),
            ([("a", "x/../../m-1.safetensors")], .shardOutsideFolder), ([("a", "")], .shardOutsideFolder),
            ([("a", "model.safetensors.index.json")], .malformedIndex), ([], .malformedIndex),
        ] as [([(String, String)], CheckpointError.Kind)])
    func wrong(_ map: [(String, String)], _ kind: CheckpointError.Kind) throws {
        try withShards(map) { index in
            let error = #expect(throws: CheckpointError.self) { try Weights(path: index) }
            #expect(error?.kind == kind, "\(String(describing: error))")
        }
    }

    @Test(
        "with an index that is none",
        arguments: ["", "[]", "{}", #"{"weight_map":[]}"#, #"{"weight_map":{"a":1}}"#, "{\"weight_map\":{\"a\":"])
    func noIndex(_ text: String) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/x.index.json"
            try write(text.utf8, to: path)
            #expect(throws: CheckpointError.self) { try Weights(path: path) }
            #expect(throws: CheckpointError.self) { try Weights.files(at: path) }
        }
    }

    @Test("have one SHA-256, which changes with any of them")
    func digest() throws {
        try withShards([("a", "m-1.safetensors"), ("b", "m-2.safetensors")]) { index in
            let files = try Weights.files(at: index)
            let first = try sha256(ofFiles: files)
            #expect(try sha256(ofFiles: files.reversed()) == first)
            #expect(try sha256(ofFiles: [files[1]]) == sha256(ofFile: files[1]))
            let lines = try files.map { (($0 as NSString).lastPathComponent, try sha256(ofFile: $0)) }.sorted(by: <)
            #expect(first == sha256(of: Data(lines.map { "\($1)  \($0)\n" }.joined().utf8)), "as sha256sum says it")
            try write(Self.shard(["b", "e"]), to: files[2])
            #expect(try sha256(ofFiles: files) != first)
        }
    }
}

@Suite("The file of weights in a folder")
struct WeightsFileTests {
    @Test(
        "is the one of a usual name, or the only one of its kind",
        arguments: [
            (["model.safetensors", "other.safetensors", "pytorch_model.bin"], "model.safetensors"),
            (["model.safetensors.index.json", "m-1.safetensors", "m-2.safetensors"], "model.safetensors.index.json"),
            (["vit.safetensors", "training_args.bin"], "vit.safetensors"),
            (["pytorch_model.bin", "expected.safetensors"], "pytorch_model.bin"),
            (["pytorch_model.bin.index.json", "pytorch_model-1.bin"], "pytorch_model.bin.index.json"),
            (["open_clip_pytorch_model.bin", "open_clip_config.json"], "open_clip_pytorch_model.bin"),
            (["open_clip_model.safetensors", "open_clip_pytorch_model.bin"], "open_clip_model.safetensors"),
            (["vit.fp16.safetensors.index.json", "a.safetensors", "b.safetensors"], "vit.fp16.safetensors.index.json"),
            (["dino.pth", "optimizer.pt", "scheduler.pt", "rng_state_0.pth"], "dino.pth"),
            (["last.pt"], "last.pt"), (["a.pth", "b.pth"], nil), (["a.safetensors", "b.safetensors"], nil),
            (["notes.txt"], nil), ([], nil),
        ] as [([String], String?)])
    func chosen(_ files: [String], _ expected: String?) throws {
        try withTemporaryFolder { folder in
            for file in files { try write([], to: folder + "/" + file) }
            do {
                #expect(try Checkpoint.weightsFile(at: folder) == expected.map { folder + "/" + $0 })
            } catch {
                #expect(expected == nil)
                #expect(error as? CheckpointError == .noWeights(directory: folder, found: files.sorted()))
            }
        }
    }
}
