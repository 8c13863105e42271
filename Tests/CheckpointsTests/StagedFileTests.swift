import Checkpoints
import Foundation
import Samples
import Testing

@Suite("A file is at its target whole or not at all")
struct StagedFileTests {
    private struct Stop: Error {}

    private func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test("nothing is there before commit, and nothing else afterwards")
    func commit() throws {
        try withTemporaryFolder { folder in
            let file = try StagedFile(target: folder + "/w")
            try file.write(Data("new ".utf8))
            try file.write(Data("content".utf8))
            #expect(content(folder + "/w") == nil)
            try file.finish()
            #expect(content(folder + "/w") == nil)
            try file.commit()
            #expect(content(folder + "/w") == "new content")
            #expect(try files(folder) == ["w"])
        }
    }

    @Test("without commit the old content stays, and the staged file goes")
    func abandoned() throws {
        try withTemporaryFolder { folder in
            try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/w"))
            do {
                let file = try StagedFile(target: folder + "/w")
                try file.write(Data("new".utf8))
                #expect(content(folder + "/w") == "old")
            }
            #expect(content(folder + "/w") == "old")
            #expect(try files(folder) == ["w"])
        }
    }

    @Test("tensors that fail halfway leave the old file")
    func failing() throws {
        try withTemporaryFolder { folder in
            try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/w"))
            #expect(throws: Stop.self) {
                let file = try StagedFile(target: folder + "/w")
                let tensors = [
                    TensorSource(name: "a", shape: [2], floats: [1, 2]),
                    TensorSource(name: "b", type: .float32, shape: [2]) { _ in throw Stop() },
                ]
                try SafetensorsWriter.write(tensors, metadata: nil, to: file)
                try file.commit()
            }
            #expect(content(folder + "/w") == "old")
            #expect(try files(folder) == ["w"])
        }
    }

    @Test("a folder that is not there is told by the target's name")
    func noFolder() throws {
        try withTemporaryFolder { folder in
            let target = folder + "/nowhere/w"
            let error = #expect(throws: CheckpointError.self) { try StagedFile(target: target) }
            guard case .unwritable(target, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a target that is a folder is refused and stays")
    func folderAtTarget() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/w", withIntermediateDirectories: false)
            let file = try StagedFile(target: folder + "/w")
            try file.write(Data("new".utf8))
            let error = #expect(throws: CheckpointError.self) { try file.commit() }
            #expect(error?.kind == .unwritable)
            #expect(try files(folder + "/w") == [])
        }
    }

    @Test(
        "equal content is told from other content",
        arguments: [("same", true), ("sam", false), ("sane", false), ("", false)])
    func sameContent(_ other: String, _ expected: Bool) throws {
        try withTemporaryFolder { folder in
            let file = try StagedFile(target: folder + "/w")
            try file.write(Data("same".utf8))
            try file.finish()
            #expect(try file.hasSameContent(as: folder + "/w") == false, "nothing there")
            try Data(other.utf8).write(to: URL(fileURLWithPath: folder + "/w"))
            #expect(try file.hasSameContent(as: folder + "/w") == expected)
        }
    }
}
