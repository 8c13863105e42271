import Foundation
import Session
import Testing

@Suite struct StoreFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(opening path: String, options: SessionStore.Options = .init()) -> StoreError? {
        do {
            _ = try SessionStore.open(path: path, engineVersion: "0.1", options: options)
            return nil
        } catch {
            return error
        }
    }

    /// The bytes of a closed session of twenty cells.
    private static let whole = Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try withStore(folder.file()) { store in
            for number in 1...20 {
                try store.commit(
                    StoreSamples.cell("a \(number)", outputs: StoreSamples.outputs), .to(StoreSamples.state(number)))
            }
        }
        return try Data(contentsOf: URL(filePath: folder.file()))
    }

    /// Puts such a session at a path.
    private func session(_ path: String) throws -> Data {
        let bytes = try Self.whole.get()
        try bytes.write(to: URL(filePath: path))
        return bytes
    }

    @Test(
        "a file that is no database is refused and left as it is",
        arguments: [
            Data("amp 1\nload \"vit\"\n".utf8), Data(repeating: 0, count: 5000), Data("x".utf8),
            Data("SQLite format 3\0".utf8) + Data(repeating: 0xAB, count: 5000),
        ])
    func notADatabase(content: Data) throws {
        try content.write(to: URL(filePath: folder.file()))
        #expect(error(opening: folder.file()) == .notADatabase(path: folder.file()))
        #expect(try Data(contentsOf: URL(filePath: folder.file())) == content)
    }

    @Test("another program's database is refused and left as it is")
    func foreign() throws {
        var bytes = try session(folder.file())
        // Bytes 68 to 71 of an SQLite file are its application id, big endian.
        bytes.replaceSubrange(68..<72, with: [0, 0, 0x12, 0x34])
        try bytes.write(to: URL(filePath: folder.file()))
        #expect(error(opening: folder.file()) == .notASession(path: folder.file(), applicationID: 0x1234))
        #expect(try Data(contentsOf: URL(filePath: folder.file())) == bytes)
    }

    @Test("a newer version's file is refused and left as it is")
    func newer() throws {
        var bytes = try session(folder.file())
        // Bytes 60 to 63 are the user version.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try bytes.write(to: URL(filePath: folder.file()))
        #expect(error(opening: folder.file()) == .newerVersion(path: folder.file(), found: 99, supported: 1))
        #expect(try Data(contentsOf: URL(filePath: folder.file())) == bytes)
    }

    @Test("a file cut short is an error, not a crash", arguments: [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
    func truncated(fraction: Double) throws {
        let bytes = try session(folder.file())
        try bytes.prefix(Int(Double(bytes.count) * fraction)).write(to: URL(filePath: folder.file()))
        switch error(opening: folder.file()) {
        case .corrupt, .notADatabase, .database: break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    @Test("damaged pages are errors or harmless, never a crash", arguments: 0..<40)
    func damaged(seed: Int) throws {
        var bytes = try session(folder.file())
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<40 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
        }
        try bytes.write(to: URL(filePath: folder.file()))
        do throws(StoreError) {
            let store = try SessionStore.open(path: folder.file(), engineVersion: "0.1")
            _ = try store.cells()
            for number in 1...20 { _ = try store.outputs(ofCell: number) }
            if let head = try store.head { _ = try store.state(head, as: SampleState.self) }
            try store.commit(StoreSamples.cell("b"), .to(StoreSamples.state(77)), cache: [])
        } catch {
            // Any error value will do: that it is one is what is tested.
        }
    }

    @Test("an empty file becomes a session, a folder does not")
    func emptyAndFolder() throws {
        try Data().write(to: URL(filePath: folder.file()))
        #expect(error(opening: folder.file()) == nil)
        #expect(error(opening: folder.path) == .isDirectory(path: folder.path))
        #expect(error(opening: folder.file("no/such/file")) == .noSuchFolder(path: folder.file("no/such/file")))
        #expect(error(opening: "/dev/null") == .notADatabase(path: "/dev/null"))
    }

    @Test("where nothing can be written there is an error and no file")
    func notWritable() throws {
        // Not even root creates files here.
        let path = "/proc/self/session.ampdb"
        switch error(opening: path) {
        case .notWritable, .noSuchFolder: break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    // Root may write everywhere, so these have nothing to see then.
    @Test("a read-only folder or file is an error", .enabled(if: geteuid() != 0), arguments: [true, false])
    func readOnly(folderItself: Bool) throws {
        let bytes = try session(folder.file())
        let place = folderItself ? folder.path : folder.file()
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place) }
        for path in folderItself ? [folder.file(), folder.file("new.ampdb")] : [folder.file()] {
            guard case .notWritable(path, _)? = error(opening: path) else {
                Issue.record("\(String(describing: error(opening: path)))")
                continue
            }
        }
        #expect(try Data(contentsOf: URL(filePath: folder.file())) == bytes)
    }

    @Test("a full disk fails the sentence and leaves the session as it was")
    func diskFull() throws {
        let big = CacheEntry(key: "big", kind: "scores", data: Data(repeating: 1, count: 1_000_000))
        try withStore(folder.file(), options: .init(fileLimit: 300_000)) { store in
            try store.commit(StoreSamples.cell("a"), .to(StoreSamples.state(1)))
            let head = try store.head
            #expect(throws: StoreError.diskFull(path: folder.file())) {
                try store.commit(StoreSamples.cell("b"), .to(StoreSamples.state(2)), cache: [big])
            }
            #expect(throws: StoreError.diskFull(path: folder.file())) { try store.cache(big) }
            #expect(try store.head == head)
            #expect(try store.cellCount == 1)
            #expect(try store.cacheKinds().isEmpty)
            try store.commit(StoreSamples.cell("c"), .to(StoreSamples.state(3)))
        }
        #expect(
            error(opening: folder.file("tiny"), options: .init(fileLimit: 8192)) == .diskFull(path: folder.file("tiny"))
        )
        #expect(!FileManager.default.fileExists(atPath: folder.file("tiny")))
    }

    @Test("the session of the first version still opens")
    func firstVersion() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        // Opening writes, so a copy is opened.
        try FileManager.default.copyItem(
            at: root.appending(path: "Sessions/v1.ampdb"), to: URL(filePath: folder.file()))
        try withStore(folder.file()) { store in
            #expect(try store.cells().map(\.sentence) == ["load \"vit\" as vit", "prune", "bad", "prune"])
            #expect(try store.cells().map(\.status) == [.ok, .ok, .failed, .interrupted])
            #expect(try store.outputs(ofCell: 1).count == 6)
            let head = try #require(try store.head)
            #expect(try store.state(head, as: SampleState.self) == StoreSamples.state(96))
            #expect(try store.undoStep().cells == [2])
            #expect(try store.cached("key") == Data([1, 2, 3]))
            #expect(try store.setting("theme") == "light")
            try store.commit(StoreSamples.cell("undo"), StateChange<SampleState>.undo(2))
        }
    }
}
