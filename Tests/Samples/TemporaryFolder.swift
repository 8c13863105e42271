import Foundation

/// Runs `body` with the path of an empty folder, which is gone afterwards.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    // Thousands of small files are written: in memory where the system offers that, so that no test waits for a disk.
    let memory = URL(fileURLWithPath: "/dev/shm")
    let parent =
        FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
    let folder = parent.appendingPathComponent("amp-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}
