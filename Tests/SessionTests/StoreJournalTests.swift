import Foundation
import Report
import Session
import Testing

@Suite struct StoreJournalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("what was committed is there after opening again, outputs and all")
    func reopen() throws {
        let first = try withStore(folder.file()) { store in
            let first = try store.commit(
                StoreSamples.cell("load \"vit\"", outputs: StoreSamples.outputs), .to(StoreSamples.state(384)))
            try store.commit(StoreSamples.cell("prune", status: .failed))
            try store.set("theme", to: "light")
            return first
        }
        try withStore(folder.file()) { store in
            let cells = try store.cells()
            #expect(cells.map(\.number) == [1, 2])
            #expect(cells.map(\.sentence) == ["load \"vit\"", "prune"])
            #expect(cells.map(\.status) == [.ok, .failed])
            #expect(cells.map(\.effective) == [true, false])
            #expect(cells.map(\.state) == [first.state, first.state])
            #expect(cells[1].error == "it failed")
            #expect(cells[0].started == Date(timeIntervalSince1970: 1_700_000_000.125))
            #expect(cells[0].seconds == 0.25)
            #expect(cells[0].engineVersion == "0.1")
            let outputs = try store.outputs(ofCell: 1)
            #expect(outputs.map(\.isStatus) == [false, true])
            #expect(TextRenderer().render(outputs) == TextRenderer().render(StoreSamples.outputs))
            let head = try #require(try store.head)
            #expect(try store.state(head, as: SampleState.self) == StoreSamples.state(384))
            #expect(try store.setting("theme") == "light")
            #expect(try store.createdBy == "0.1")
            #expect(try abs(store.created.timeIntervalSinceNow) < 600)
        }
        // One file: nothing of the database is beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["session.ampdb"])
    }

    @Test("the journal is read in pages and from its end")
    func pages() throws {
        let store = try StoreSamples.memory()
        for number in 1...25 { try store.commit(StoreSamples.cell("show \(number)")) }
        #expect(try store.cellCount == 25)
        #expect(try store.cells(limit: 10).map(\.number) == Array(1...10))
        #expect(try store.cells(from: 21, limit: 10).map(\.number) == Array(21...25))
        #expect(try store.cells(from: 26).isEmpty)
        #expect(try store.lastCells(3).map(\.number) == [23, 24, 25])
        #expect(try store.cell(7).sentence == "show 7")
        #expect(throws: StoreError.noSuchCell(26)) { try store.cell(26) }
        #expect(throws: StoreError.noSuchCell(26)) { try store.outputs(ofCell: 26) }
    }

    @Test("a closed store says so")
    func closed() throws {
        let store = try SessionStore.open(path: folder.file(), engineVersion: "0.1")
        try store.close()
        try store.close()
        #expect(throws: StoreError.closed(path: folder.file())) { try store.cellCount }
        #expect(throws: StoreError.closed(path: folder.file())) { try store.commit(StoreSamples.cell("x")) }
    }
}
