import Foundation
import Testing

/// The project's folder, and what lies in it.
enum Project {
    static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: Project.path + "/" + path, encoding: .utf8)
    }

    static func files(in folder: String, ending: String) -> [String] {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []
        return found.filter { $0.hasSuffix(ending) }.sorted().map { folder + "/" + $0 }
    }
}

/// An example that ships with the project.
struct Example: CustomTestStringConvertible, Sendable {
    let path: String
    let text: String

    var testDescription: String { path }
    var needs: String? {
        text.split(separator: "\n").first { $0.hasPrefix("# needs: ") }.map { String($0.dropFirst("# needs: ".count)) }
    }

    /// What makes it short, where it is long by itself.
    var quick: [String] {
        let line = text.split(separator: "\n").first { $0.hasPrefix("# quick: ") }
        return line.map { $0.dropFirst("# quick: ".count).split(separator: " ").map(String.init) } ?? []
    }

    static let all = Project.files(in: "examples", ending: ".amp").compactMap { path in
        (try? Project.text(path)).map { Example(path: path, text: $0) }
    }
    static let selfContained = all.filter { $0.needs == nil }
    static let demanding = all.filter { $0.needs != nil }
}

@Suite("The examples")
struct ExamplesTests {
    /// Runs the amp of this build in a folder.
    private func amp(in folder: URL, _ arguments: String...) throws -> Run { try amp(in: folder, arguments) }

    private func amp(in folder: URL, _ arguments: [String]) throws -> Run {
        try Run("/bin/sh", ["-c", #"cd "$1" && shift && exec "$@""#, "sh", folder.path, AmpBinary.path] + arguments)
    }

    private func withCopy(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("amp-examples-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let examples = folder.appendingPathComponent("examples")
        try FileManager.default.copyItem(atPath: Project.path + "/examples", toPath: examples.path)
        try? FileManager.default.removeItem(at: examples.appendingPathComponent("out"))
        try body(folder)
    }

    // Each runs on fewer images than it takes by itself, so that the tests end in seconds.

    @Test("an example runs from the project's folder", arguments: Example.selfContained)
    func runs(_ example: Example) throws {
        try withCopy { folder in
            let size = example.quick.isEmpty ? ["--set", "images=64"] : example.quick
            let run = try amp(in: folder, ["run", example.path] + size)
            #expect(run.exitCode == 0, "\(run.output)\n\(run.errors)")
        }
    }

    @Test("the quick start runs again over what it wrote, with the same words")
    func again() throws {
        try withCopy { folder in
            let runs = try (0..<2).map { _ in
                try amp(in: folder, "run", "examples/quickstart.amp", "--set", "images=64")
            }
            #expect(runs.map(\.exitCode) == [0, 0])
            #expect(runs[0].output == runs[1].output)
        }
    }

    @Test(
        "an example that needs files of the user's says so, reads well and names what it did not find",
        arguments: Example.demanding.filter { $0.text.contains("param model") })
    func needs(_ example: Example) throws {
        try withCopy { folder in
            let run = try amp(in: folder, "run", example.path, "--set", #"model="nowhere/""#)
            #expect(run.exitCode == 1, "\(run.errors)")
            #expect(run.errors.contains("nowhere"))
        }
    }

    @Test("the example that trains from nothing does, on a few images of its own")
    func trains() throws {
        try withCopy { folder in
            let run = try amp(
                in: folder, "run", "examples/train-fashion.amp", "--set", "folder=examples/data/fashion", "--set",
                "images=128", "--set", "epochs=1")
            #expect(run.exitCode == 0, "\(run.output)\n\(run.errors)")
            #expect(run.output.contains("trained for 1 epoch on 128 images"))
        }
    }

    @Test("the quick start, a sweep and a model of the user's are among them")
    func present() {
        #expect(Example.selfContained.map(\.path).contains("examples/quickstart.amp"))
        #expect(Example.selfContained.map(\.path).contains("examples/sweep.amp"))
        #expect(Example.demanding.map(\.path).contains("examples/dinov2.amp"))
    }

    @Test("model and images that ship with the project stay under 8 MB")
    func size() throws {
        let folders = ["examples/models", "examples/data"]
        let total = folders.reduce(0) { total, folder in
            let files = FileManager.default.enumerator(
                at: URL(fileURLWithPath: Project.path + "/" + folder), includingPropertiesForKeys: [.fileSizeKey])
            return total
                + (files?.compactMap { try? ($0 as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize }.reduce(
                    0, +)
                    ?? 0)
        }
        #expect(total > 1_000_000)
        #expect(total < 8_000_000)
    }
}
