import Foundation
import Report
import Session

/// A state as sessions keep them: what the models' widths are, by name.
struct SampleState: Codable, Sendable, Hashable {
    var widths: [String: [Int]] = [:]
    var tolerance = 0.01
}

enum StoreSamples {
    static func cell(_ sentence: String, status: CellStatus = .ok, outputs: [Output] = []) -> NewCell {
        NewCell(
            sentence: sentence, typed: sentence, status: status, outputs: outputs,
            error: status == .failed ? "it failed" : nil, started: Date(timeIntervalSince1970: 1_700_000_000.125),
            seconds: 0.25)
    }

    static func state(_ width: Int) -> SampleState { SampleState(widths: ["vit": [width, width]]) }

    static let outputs: [Output] = [
        .line("vit: \(parameters: 1_350_000) parameters", data: ["parameters": 1_350_000, "loss": .double(.nan)]),
        .status("from the cache"),
    ]

    static func memory(cacheLimit: Int = 1_000_000) throws -> SessionStore {
        try SessionStore.inMemory(engineVersion: "0.1", options: .init(cacheLimit: cacheLimit))
    }
}

/// A folder that is gone with this value: keep it to the end of the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "amp-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    func file(_ name: String = "session.ampdb") -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Opens a store, lets it be used, and closes it.
func withStore<Result>(
    _ path: String, options: SessionStore.Options = .init(), _ body: (SessionStore) throws -> Result
) throws -> Result {
    let store = try SessionStore.open(path: path, engineVersion: "0.1", options: options)
    let result = try body(store)
    try store.close()
    return result
}
