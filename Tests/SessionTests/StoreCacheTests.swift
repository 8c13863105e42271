import Foundation
import Session
import Testing

@Suite struct StoreCacheTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func entry(_ key: String, kind: String = "scores", bytes: Int = 100) -> CacheEntry {
        CacheEntry(key: key, kind: kind, data: Data(repeating: UInt8(key.utf8.first ?? 0), count: bytes))
    }

    @Test("a value comes back as it was put, the later one of a key")
    func putGet() throws {
        let store = try StoreSamples.memory()
        #expect(try store.cached("a") == nil)
        #expect(try !store.hasCached("a"))
        try store.cache(entry("a"))
        try store.cache(entry("a", bytes: 7))
        try store.cache(entry("empty", bytes: 0))
        #expect(try store.cached("a") == entry("a", bytes: 7).data)
        #expect(try store.cached("empty") == Data())
        #expect(try store.hasCached("a"))
    }

    @Test("the least recently used values go first")
    func eviction() throws {
        let store = try StoreSamples.memory(cacheLimit: 300)
        for key in ["a", "b", "c"] { try store.cache(entry(key)) }
        _ = try store.cached("a")
        // Asking whether it is there is no use.
        _ = try store.hasCached("b")
        try store.cache(entry("d"))
        #expect(try ["a", "b", "c", "d"].map { try store.hasCached($0) } == [true, false, true, true])
        try store.cache(entry("e", bytes: 250))
        #expect(try ["a", "c", "d", "e"].map { try store.hasCached($0) } == [false, false, false, true])
        try store.cache(entry("huge", bytes: 301))
        #expect(try ["e", "huge"].map { try store.hasCached($0) } == [true, false])
    }

    @Test("a smaller value of the same key makes room for itself")
    func replace() throws {
        let store = try StoreSamples.memory(cacheLimit: 300)
        try store.cache(entry("a", bytes: 200))
        try store.cache(entry("b", bytes: 100))
        try store.cache(entry("a", bytes: 150))
        #expect(try store.cacheKinds() == [CacheKind(kind: "scores", count: 2, bytes: 250)])
    }

    @Test("the listing counts by kind, clearing empties a kind or all")
    func kinds() throws {
        let store = try StoreSamples.memory()
        try store.cache(entry("a"))
        try store.cache(entry("b", bytes: 50))
        try store.cache(entry("c", kind: "activations", bytes: 7))
        #expect(
            try store.cacheKinds() == [
                CacheKind(kind: "activations", count: 1, bytes: 7), CacheKind(kind: "scores", count: 2, bytes: 150),
            ])
        #expect(try store.clearCache(kind: "scores") == 2)
        #expect(try store.cacheKinds().map(\.kind) == ["activations"])
        #expect(try store.clearCache() == 1)
        #expect(try store.clearCache() == 0)
    }

    @Test("clearing the cache makes the file smaller")
    func shrink() throws {
        func size() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: folder.file())[.size] as? Int ?? 0
        }
        try withStore(folder.file()) { store in
            try store.cache(entry("a", bytes: 2_000_000))
            #expect(try size() > 2_000_000)
            try store.clearCache()
            #expect(try size() < 200_000)
        }
    }

    @Test("what a sentence caches comes with its cell or not at all")
    func withCell() throws {
        let store = try StoreSamples.memory()
        try store.commit(StoreSamples.cell("score"), cache: [entry("a"), entry("b")])
        #expect(try store.hasCached("b"))
        #expect(throws: StoreError.self) {
            try store.commit(StoreSamples.cell("undo"), StateChange<SampleState>.undo(5), cache: [entry("c")])
        }
        #expect(try !store.hasCached("c"))
    }
}
