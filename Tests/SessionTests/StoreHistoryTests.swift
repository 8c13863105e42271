import Report
import Session
import Testing

@Suite struct StoreHistoryTests {
    @Test("undo goes back over effective cells only, redo forward again")
    func undoRedo() throws {
        let store = try StoreSamples.memory()
        let a = try store.commit(StoreSamples.cell("a"), .to(StoreSamples.state(1)))
        try store.commit(StoreSamples.cell("show"))
        try store.commit(StoreSamples.cell("bad", status: .failed), .to(StoreSamples.state(9)))
        let b = try store.commit(StoreSamples.cell("b"), .to(StoreSamples.state(2)))
        let same = try store.commit(StoreSamples.cell("same"), .to(StoreSamples.state(2)))
        #expect([a, b, same].map(\.effective) == [true, true, false])
        #expect(try store.effectiveCells == [1, 4])

        #expect(try store.undoStep() == HistoryStep(cells: [4], state: a.state))
        #expect(try store.undoStep(2) == HistoryStep(cells: [4, 1], state: nil))
        #expect(throws: StoreError.nothingToUndo(asked: 3, available: 2)) { try store.undoStep(3) }
        #expect(throws: StoreError.nothingToRedo(asked: 1, available: 0)) { try store.redoStep() }

        let undo = try store.commit(StoreSamples.cell("undo 2"), StateChange<SampleState>.undo(2))
        #expect(undo == Commit(number: 6, state: nil, effective: false))
        #expect(try store.head == nil)
        #expect(try store.redoStep(2) == HistoryStep(cells: [1, 4], state: b.state))
        let redo = try store.commit(StoreSamples.cell("redo"), StateChange<SampleState>.redo(1))
        #expect(redo.state == a.state)
        let reach = try store.reach
        #expect(reach.undo == 1 && reach.redo == 1)

        try store.commit(StoreSamples.cell("c"), .to(StoreSamples.state(3)))
        #expect(throws: StoreError.nothingToRedo(asked: 1, available: 0)) { try store.redoStep() }
        #expect(try store.undoStep(2).cells == [8, 1])
    }

    @Test("an undo that cannot be done writes no cell", arguments: [0, -1, 2, Int.max])
    func nothingToUndo(count: Int) throws {
        let store = try StoreSamples.memory()
        try store.commit(StoreSamples.cell("a"), .to(StoreSamples.state(1)))
        #expect(throws: StoreError.nothingToUndo(asked: count, available: 1)) {
            try store.commit(StoreSamples.cell("undo"), StateChange<SampleState>.undo(count))
        }
        #expect(throws: StoreError.nothingToRedo(asked: count, available: 0)) {
            try store.commit(StoreSamples.cell("redo"), StateChange<SampleState>.redo(count))
        }
        #expect(try store.cellCount == 1)
    }

    @Test("undo and redo agree with a list of states walked by hand")
    func reference() throws {
        let store = try StoreSamples.memory()
        var states: [SampleState?] = [nil]
        var head = 0
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let count = Int.random(in: 1...3, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0, 1:
                let state = StoreSamples.state(Int.random(in: 1...4, using: &generator))
                try store.commit(StoreSamples.cell("to"), .to(state))
                if state != states[head] {
                    states = states[...head] + [state]
                    head += 1
                }
            case 2:
                if count > head {
                    #expect(throws: StoreError.self) { try store.undoStep(count) }
                } else {
                    try store.commit(StoreSamples.cell("undo"), StateChange<SampleState>.undo(count))
                    head -= count
                }
            default:
                if head + count >= states.count {
                    #expect(throws: StoreError.self) { try store.redoStep(count) }
                } else {
                    try store.commit(StoreSamples.cell("redo"), StateChange<SampleState>.redo(count))
                    head += count
                }
            }
            let found = try store.head
            #expect(try found.map { try store.state($0, as: SampleState.self) } == states[head])
        }
    }

    @Test("equal states have one name, whatever order they were built in")
    func contentAddressed() throws {
        let store = try StoreSamples.memory()
        let names = (0..<50).map { "model\($0)" }
        let forward = SampleState(widths: Dictionary(uniqueKeysWithValues: names.map { ($0, [1]) }))
        let backward = SampleState(widths: Dictionary(uniqueKeysWithValues: names.reversed().map { ($0, [1]) }))
        let first = try store.commit(StoreSamples.cell("a"), .to(forward))
        let second = try store.commit(StoreSamples.cell("b"), .to(backward))
        #expect(first.state == second.state)
        #expect(!second.effective)
        #expect(first.state?.hex.count == 64)
    }

    @Test("a state of another shape, and one that is not there, are errors")
    func wrongState() throws {
        let store = try StoreSamples.memory()
        let commit = try store.commit(StoreSamples.cell("a"), .to(StoreSamples.state(1)))
        let id = try #require(commit.state)
        #expect(throws: StoreError.self) { try store.state(id, as: [String].self) }
        #expect(throws: StoreError.noSuchState(StateID(hex: "00"))) {
            try store.state(StateID(hex: "00"), as: SampleState.self)
        }
    }
}
