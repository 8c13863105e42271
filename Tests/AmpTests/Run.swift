import Foundation
import Glibc

/// What a program that was run without a terminal wrote, and how it ended.
struct Run {
    let output: String
    let errors: String
    /// The exit code, or 128 and the signal that ended the program.
    let exitCode: Int32

    /// Runs `program` to its end with `input` as its standard input.
    ///
    /// Input and outputs go through files, so neither side can wait for the other.
    init(
        _ program: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        in directory: String? = nil
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("amp-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (stdin, stdout, stderr) = (
            folder.appendingPathComponent("stdin"), folder.appendingPathComponent("stdout"),
            folder.appendingPathComponent("stderr")
        )
        try Data(input.utf8).write(to: stdin)
        let process = try Launch(program, arguments, environment: environment, in: directory).start { actions in
            posix_spawn_file_actions_addopen(&actions, 0, stdin.path, O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, stdout.path, O_WRONLY | O_CREAT, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, stderr.path, O_WRONLY | O_CREAT, 0o600)
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        exitCode = AmpTests.exitCode(of: status)
        output = String(decoding: try Data(contentsOf: stdout), as: UTF8.self)
        errors = String(decoding: try Data(contentsOf: stderr), as: UTF8.self)
    }
}

/// The `amp` that was built with these tests: it lies in the same folder as they do.
enum AmpBinary {
    static let path: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let candidates = [tests, Bundle.main.bundlePath + "/x", CommandLine.arguments.first].compactMap { $0 }
        let beside = candidates.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/amp" }
        return beside.first { FileManager.default.isExecutableFile(atPath: $0) } ?? beside.first ?? "amp"
    }()
}
