import Foundation
import Glibc
import Report
import Session
import Testing

/// What the crashing child is told; its presence makes the process the child.
private let childPath = ProcessInfo.processInfo.environment["AMP_STORE_CHILD"]

/// Processes that die while they write: the tests start this very binary again and kill it.
@Suite(.serialized) struct StoreCrashTests {
    @Test("the child: commits until it is killed", .enabled(if: childPath != nil))
    func child() throws {
        guard let childPath else { return }
        let store = try SessionStore.open(path: childPath, engineVersion: "0.1")
        var number = try store.cellCount
        while true {
            number += 1
            let blob = Data(repeating: UInt8(truncatingIfNeeded: number), count: 20_000)
            try store.commit(
                StoreSamples.cell("cell \(number)", outputs: StoreSamples.outputs), .to(StoreSamples.state(number)),
                cache: [CacheEntry(key: "key \(number)", kind: "scores", data: blob)])
        }
    }

    @Test("a process killed amid its commits leaves whole sentences only", .enabled(if: childPath == nil))
    func killed() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var before = 0
        for round in 1...8 {
            let child = try Child(path: folder.file())
            try child.kill(afterCells: 4, delay: UInt32(round * 1711))
            before = try withStore(folder.file()) { store in
                let cells = try store.cells(limit: 100_000)
                let count = cells.count
                #expect(count > before)
                #expect(cells.map(\.number) == Array(1...max(count, 1)))
                #expect(try store.effectiveCells == Array(1...max(count, 1)))
                let head = try #require(try store.head)
                #expect(try store.state(head, as: SampleState.self) == StoreSamples.state(count))
                #expect(try store.cacheKinds() == [CacheKind(kind: "scores", count: count, bytes: count * 20_000)])
                #expect(try store.outputs(ofCell: count).count == 2)
                #expect(try !store.hasCached("key \(count + 1)"))
                return count
            }
        }
    }

    @Test(
        "a second process is refused, told who has the file, and let in when that one is dead",
        .enabled(if: childPath == nil))
    func lock() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let child = try Child(path: folder.file())
        try child.wait(forCells: 1)
        var found: [StoreError] = []
        // The child may be amid a commit, when nobody can read who it is.
        for _ in 0..<5000 where found.last != .inUse(path: folder.file(), processID: Int(child.id)) {
            do throws(StoreError) {
                _ = try SessionStore.open(path: folder.file(), engineVersion: "0.1")
                Issue.record("opened a session that is in use")
            } catch {
                found.append(error)
            }
            usleep(1000)
        }
        #expect(found.last == .inUse(path: folder.file(), processID: Int(child.id)))
        #expect(found.dropLast().allSatisfy { $0 == .inUse(path: folder.file(), processID: nil) })
        try child.kill(afterCells: 1, delay: 0)
        #expect(try withStore(folder.file()) { store in try store.cellCount } >= 1)
    }

    @Test("in one process a file has one store, under any of its names", .enabled(if: childPath == nil))
    func sameProcess() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let link = folder.file("link")
        try withStore(folder.file()) { store in
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file())
            for path in [folder.file(), folder.path + "/./session.ampdb", link] {
                #expect(throws: StoreError.inUse(path: path, processID: Int(getpid()))) {
                    try SessionStore.open(path: path, engineVersion: "0.1")
                }
            }
            try store.commit(StoreSamples.cell("a"), .to(StoreSamples.state(1)))
        }
        #expect(try withStore(link) { store in try store.cellCount } == 1)
        // A store that nobody closes is closed when nobody has it.
        _ = try SessionStore.open(path: folder.file(), engineVersion: "0.1")
        #expect(try withStore(folder.file()) { store in try store.cellCount } == 1)
    }
}

/// This test binary once more, running `child()`.
private final class Child {
    private let process = Process()
    private let path: String
    private let sizeBefore: Int
    var id: Int32 { process.processIdentifier }

    init(path: String) throws {
        self.path = path
        sizeBefore = Child.size(path)
        let binary = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: binary)
        process.arguments = ["--testing-library", "swift-testing", "--filter", "StoreCrashTests"]
        process.environment = ProcessInfo.processInfo.environment.merging(["AMP_STORE_CHILD": path]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits until so many cells must be in the file: it grows by some 25 kB with each, and by its tables first.
    func wait(forCells count: Int) throws {
        for _ in 0..<20_000 {
            if Child.size(path) > sizeBefore + 100_000 + count * 30_000 { return }
            try #require(process.isRunning, "the child ended by itself")
            usleep(1000)
        }
        Issue.record("the child wrote nothing")
    }

    /// - Parameter delay: in microseconds, so that it is hit at another place each time.
    func kill(afterCells count: Int, delay: UInt32) throws {
        try wait(forCells: count)
        usleep(delay)
        end()
        #expect(process.terminationReason == .uncaughtSignal)
    }

    private func end() {
        Glibc.kill(id, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { end() } }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
