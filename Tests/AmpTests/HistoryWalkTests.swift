import Testing
import amp

@Suite("Walking through earlier lines")
struct HistoryWalkTests {
    private let lines = ["load a", "show stats", "load b", "load b", "prune"]

    @Test("goes back through those that begin alike, each once in a row, and forth to what was typed")
    func prefix() {
        var walk = HistoryWalk()
        #expect(walk.older(than: "lo", in: lines) == "load b")
        #expect(walk.older(than: "load b", in: lines) == "load a")
        #expect(walk.older(than: "load a", in: lines) == nil)
        #expect(walk.newer(than: "load a", in: lines) == "load b")
        #expect(walk.newer(than: "load b", in: lines) == "lo")
        #expect(walk.newer(than: "lo", in: lines) == nil)
        #expect(walk.older(than: "lo", in: lines) == "load b")
    }

    @Test("begins anew with a line that was changed")
    func changed() {
        var walk = HistoryWalk()
        #expect(walk.older(than: "", in: lines) == "prune")
        #expect(walk.older(than: "show", in: lines) == "show stats")
        #expect(walk.older(than: "x", in: lines) == nil)
        #expect(walk.newer(than: "y", in: lines) == nil)
        #expect(walk.older(than: "", in: []) == nil)
    }

    @Test(
        "the place behind a text is where a terminal has it",
        arguments: [
            ("", 0, 0), ("abc", 0, 3), ("0123456789", 1, 0), ("0123456789a", 1, 1), ("漢字漢字漢", 1, 0),
            ("012345678漢", 1, 2), ("a\nbc", 1, 2), ("0123456789\nb", 2, 1), ("\u{1}b", 0, 3),
        ])
    func layout(text: String, row: Int, column: Int) {
        let end = LineLayout.end(of: text, columns: 10)
        #expect(end.row == row && end.column == column)
    }
}
