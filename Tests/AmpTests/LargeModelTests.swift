import Checkpoints
import Foundation
import Testing

@Suite("A checkpoint that is large or in several files")
struct LargeModelTests {
    /// The tiny model in a file so large that it is not read at loading. What is added takes no room on the disk.
    private func staged() throws -> Folder {
        let folder = try Folder.staged()
        #expect(truncate(folder["tiny/model.safetensors"], 64_000_001) == 0)
        return folder
    }

    private func say(_ sentences: String, _ folder: Folder) throws -> Run {
        try folder.amp("s.ampdb", "-c", sentences, environment: ["COLUMNS": "200"])
    }

    @Test("is read as a whole only when something depends on its content, and once")
    func hashedOnce() throws {
        let folder = try staged()
        let loaded = try folder.amp("s.ampdb", "--json", "-c", "load \"tiny\" as m; show stats; show session")
        #expect(loaded.exitCode == 0, "\(loaded.errors)")
        #expect(loaded.output.contains("\"sha256\":null"), "\(loaded.output)")
        #expect(!loaded.output.contains("cached sha256"))
        let saved = try say("save \"slim\"; show session", folder)
        #expect(saved.output.contains(#/cached sha256 +1 /#), "\(saved.output)")
        let hash = try sha256(ofFile: folder["tiny/model.safetensors"])
        #expect(try folder.text("slim/amp.json").contains(hash))
        #expect(try say("score random; show session", folder).output.contains(#/cached sha256 +1 /#))
    }

    @Test("is noticed to have changed, by its content where that is known")
    func changed() throws {
        let folder = try staged()
        #expect(try say("load \"tiny\" as m", folder).exitCode == 0)
        try touch(folder["tiny/model.safetensors"])
        let unknown = try say("score random", folder)
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("its size or time is another"), "\(unknown.errors)")

        #expect(try say("load \"tiny\" as m; score random", folder).exitCode == 0)
        try touch(folder["tiny/model.safetensors"])
        #expect(try say("score random", folder).errors.contains("from cache"), "only touched")
        #expect(truncate(folder["tiny/model.safetensors"], 64_000_002) == 0)
        let grown = try say("score random", folder)
        #expect(grown.errors.contains("its size is another"), "\(grown.errors)")
    }

    @Test("is found again where it was moved")
    func moved() throws {
        let folder = try staged()
        #expect(try say("load \"tiny\" as m; score random", folder).exitCode == 0)
        try FileManager.default.moveItem(atPath: folder["tiny"], toPath: folder["moved"])
        let again = try say("load \"moved\" as m", folder)
        #expect(again.output.contains("found again"), "\(again.output)\(again.errors)")
    }

    @Test("saves as one file that is the same as if it had been one")
    func shards() throws {
        let folder = try Folder.staged()
        let whole = try Weights(path: folder["tiny/model.safetensors"])
        var shards = [SafetensorsBytes(), SafetensorsBytes()]
        var map: [String] = []
        for (place, name) in whole.names.enumerated() {
            let shard = place * 2 / whole.names.count
            shards[shard].add(name, whole.tensors[name]?.shape ?? [], try whole.floats(name).values)
            map.append("\"\(name)\":\"part-\(shard).safetensors\"")
        }
        for (number, shard) in shards.enumerated() {
            try folder.write(shard.bytes, to: "parts/part-\(number).safetensors")
        }
        try folder.write("{\"weight_map\":{\(map.joined(separator: ","))}}", to: "parts/model.safetensors.index.json")
        try folder.write(try folder.bytes("tiny/config.json"), to: "parts/config.json")
        let run = try folder.amp(
            "-c", "load \"parts\" as m; save \"one\"; load \"one\"; load \"parts/model.safetensors.index.json\"")
        #expect(run.exitCode == 0, "\(run.errors)")
        let one = try Weights(path: folder["one/model.safetensors"])
        #expect(one.names == whole.names)
        #expect(one.tensors == whole.tensors)
        for name in one.names { #expect(try one.floats(name).values == whole.floats(name).values) }

        try FileManager.default.removeItem(atPath: folder["parts/part-1.safetensors"])
        let broken = try folder.amp("-c", "load \"parts\"", environment: ["COLUMNS": "200"])
        #expect(broken.errors.contains("part-1.safetensors is missing"), "\(broken.errors)")
    }

    private func touch(_ path: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3_600)], ofItemAtPath: path)
    }
}
