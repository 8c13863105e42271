import Foundation

/// A folder in which a test starts amp; it goes when the test is over.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/amp-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A folder with the tiny models and data of `Stage` in it.
    static func staged() throws -> Folder {
        let folder = try Folder()
        for (name, bytes) in Stage.files { try folder.write(bytes, to: name) }
        return folder
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in the folder.
    subscript(_ name: String) -> String { path + "/" + name }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self[name]) }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: self[name]))) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// Writes a file, with the folders it lies in.
    func write(_ bytes: [UInt8], to name: String) throws {
        let place = URL(filePath: self[name])
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: place)
    }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    /// Runs amp in this folder, to its end.
    func amp(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws -> Run {
        try Run(AmpBinary.path, arguments, input: input, environment: environment, in: path)
    }

    /// Starts amp in this folder, at a terminal. Its history lies here, too.
    func terminal(
        _ arguments: String..., environment: [String: String] = [:], columns: Int = 80
    ) throws -> Pty {
        let state = ["XDG_STATE_HOME": self["state"]].merging(environment) { $1 }
        return try Pty(AmpBinary.path, arguments, environment: state, in: path, columns: columns)
    }
}
