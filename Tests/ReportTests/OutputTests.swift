import Foundation
import Report
import Testing

@Suite struct OutputTests {
    @Test("outputs survive the journal, types of values included")
    func roundTrip() throws {
        let values: Fields = [
            "int": 3, "double": 3.0, "nan": .double(.infinity), "list": [1, "x", [nil, false]], "text": "",
        ]
        let outputs = Samples.all + [.line("", data: values)]
        let decoded = try JSONDecoder().decode([Output].self, from: JSONEncoder().encode(outputs))
        #expect(decoded == outputs)
    }

    @Test("texts of one look are one value, however they were put together")
    func runs() {
        let whole: StyledText = "layer 12 (\(key: "blocks.11"))"
        #expect(StyledText("layer ") + "\(12) (" + StyledText("blocks.11", style: .key) + ")" == whole)
        #expect(whole.plain == "layer 12 (blocks.11)")
        #expect(whole.runs.count == 3)
    }

    @Test("fields keep their order and have one value a key")
    func fields() {
        var fields: Fields = ["b": 1, "a": 2, "b": 3]
        #expect(fields.list.map(\.key) == ["b", "a"])
        #expect(fields["b"] == 3)
        fields["b"] = nil
        #expect(fields == ["a": 2])
    }
}
