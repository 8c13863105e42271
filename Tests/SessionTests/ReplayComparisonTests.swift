import Checkpoints
import Foundation
import Session
import Testing

/// What counts as the same figure, as rounding, and as something else.
@Suite("Comparing two runs")
struct ReplayComparisonTests {
    private enum Outcome { case identical, near, different }

    private static func json(_ text: String) throws -> JSON { try JSON(parsing: Data(text.utf8)) }

    private func compare(_ recorded: String, _ now: String, tolerance: Double = 1e-4) throws -> FigureComparison {
        var comparison = FigureComparison(tolerance: tolerance)
        comparison.compare(try Self.json(recorded), try Self.json(now))
        return comparison
    }

    @Test(
        "figures may differ by rounding, counts and verdicts may not",
        arguments: [
            ("3.25", "3.25", true, true),
            ("3.25", "3.2500001", false, true),
            ("3.25", "3.26", false, false),
            // Whole numbers are counts, even where a share happens to be whole.
            ("96", "96", true, true), ("96", "97", false, false), ("1000000", "1000001", false, false),
            ("1.0", "1", true, true), ("1", "0.99999", false, true), ("1", "0.996", false, false),
            ("0", "1e-9", false, false),
            ("true", "true", true, true), ("true", "false", false, false), ("null", "3", false, false),
            (#""m""#, #""n""#, false, false),
        ])
    func figures(recorded: String, now: String, isIdentical: Bool, isNear: Bool) throws {
        let found = try compare(
            #"[{"kind": "line", "data": {"value": \#(recorded)}}]"#, #"[{"kind": "line", "data": {"value": \#(now)}}]"#)
        #expect(found.isIdentical == isIdentical)
        #expect((found.first == nil) == isNear)
    }

    @Test("nothing but identical figures pass where no tolerance is given")
    func exact() throws {
        let found = try compare(
            #"[{"kind": "line", "data": {"value": 3.25}}]"#, #"[{"kind": "line", "data": {"value": 3.2500000000001}}]"#,
            tolerance: 0)
        #expect(found.first?.place.text == "value")
    }

    @Test("what is next to nothing beside the others of its column or list may be off by as much as they may")
    func scales() throws {
        func rows(_ small: String) -> String {
            #"[{"kind": "table", "rows": [{"rise": 2.5}, {"rise": \#(small)}]}]"#
        }
        #expect(try compare(rows("1.1e-6"), rows("1.9e-6")).first == nil)
        #expect(try compare(rows("0.1"), rows("0.2")).first != nil)
        func list(_ small: String) -> String { #"[{"kind": "line", "data": {"per_batch": [2.5, \#(small)]}}]"# }
        #expect(try compare(list("1e-6"), list("2e-6")).first == nil)
        #expect(try compare(list("1e-1"), list("2e-1")).first?.place.text == "per batch 2")
        // The width at which a curve has a point says nothing about its height.
        func points(_ y: String) -> String {
            #"[{"kind": "figure", "panels": [{"series": [{"points": [[768.5, 2.5], [384.5, \#(y)]]}]}]}]"#
        }
        #expect(try compare(points("2.4"), points("2.41")).first != nil)
        #expect(try compare(points("2.4"), points("2.40001")).first == nil)
    }

    @Test(
        "the first difference is told in words",
        arguments: [
            (
                #"[{"kind": "trace", "layers": [{"label": "layer 9 (blocks.8)", "tries": [{"width": 3, "entropy": 2.5}, {"width": 7, "entropy": 2.5}]}]}]"#,
                #"[{"kind": "trace", "layers": [{"label": "layer 9 (blocks.8)", "tries": [{"width": 3, "entropy": 2.5}, {"width": 8, "entropy": 2.6}]}]}]"#,
                "layer 9 (blocks.8), try 2, entropy"
            ),
            (
                #"[{"kind": "line", "data": {}}, {"kind": "table", "rows": [{"model": "m", "left": 0.5}]}]"#,
                #"[{"kind": "line", "data": {}}, {"kind": "table", "rows": [{"model": "m", "left": 0.7}]}]"#,
                "table, row 1 (m), left"
            ),
            (
                #"[{"kind": "line", "data": {"hidden_widths": [3, 4]}}]"#,
                #"[{"kind": "line", "data": {"hidden_widths": [3, 5]}}]"#, "hidden width 2"
            ),
            (
                #"[{"kind": "line", "data": {"hidden_widths": [3, 4]}}]"#,
                #"[{"kind": "line", "data": {"hidden_widths": [3]}}]"#, "hidden widths"
            ),
            (#"[{"kind": "line"}]"#, #"[{"kind": "note"}]"#, ""),
            (#"[{"kind": "line"}]"#, #"[{"kind": "line"}, {"kind": "note"}]"#, "note"),
            (
                // A figure says more than the text that shows it.
                #"[{"kind": "line", "text": "12 of 9", "data": {"z": 12}}]"#,
                #"[{"kind": "line", "text": "13 of 9", "data": {"z": 13}}]"#, "z"
            ),
        ])
    func places(recorded: String, now: String, place: String) throws {
        let found = try compare(recorded, now)
        #expect(found.first?.place.text == place)
    }

    @Test(
        "texts have the same words and whole numbers; a rounded figure may differ in its last digit",
        arguments: [
            ("entropy 3.1416 nats", "entropy 3.1416 nats", TextComparison.Outcome.same),
            ("entropy 3.1416 nats", "entropy 3.1417 nats", .rounding),
            ("entropy 3.1416 nats", "entropy 3.1436 nats", .different),
            ("-0.0000 nats", "0.0000 nats", .rounding),
            ("67.1 % of 256 images", "67.2 % of 256 images", .rounding),
            ("67.1 % of 256 images", "67.1 % of 255 images", .different),
            ("1,234 neurons", "1,235 neurons", .different),
            ("3 layers", "3 layer", .different), ("a 1.5 b", "a b", .different),
            ("blocks.11", "blocks.12", .different),
        ])
    func texts(recorded: String, now: String, outcome: TextComparison.Outcome) {
        #expect(TextComparison.outcome(recorded, now, tolerance: 1e-4) == outcome)
    }
}
