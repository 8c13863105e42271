import Foundation
import Report
import Testing

@Suite struct JSONRenderingTests {
    @Test("a sentence is one object on one line, keys in their order")
    func order() {
        let record = SentenceRecord(
            number: 4, sentence: "score \"x\"",
            outputs: [.line("a → b", data: ["zeta": 1, "alpha": [1.5, nil, true]])])
        #expect(
            JSONRenderer().render(record) == #"""
                {"number":4,"sentence":"score \"x\"","status":"ok","outputs":\#
                [{"kind":"line","text":"a → b","data":{"zeta":1,"alpha":[1.5,null,true]}}]}
                """#)
    }

    @Test("every kind of output parses back with its figures")
    func parses() throws {
        let record = SentenceRecord(
            sentence: "show", status: .failed, outputs: Samples.all, error: ["message": "no\nwidth", "hint": nil])
        let text = JSONRenderer(includesStatus: true).render(record)
        #expect(!text.contains("\n"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["number"] is NSNull)
        #expect(object["status"] as? String == "failed")
        #expect((object["error"] as? [String: Any])?["message"] as? String == "no\nwidth")
        let outputs = try #require(object["outputs"] as? [[String: Any]])
        #expect(
            outputs.map { $0["kind"] as? String } == ["line", "note", "warning", "table", "bars", "trace", "status"])
        let rows = try #require(outputs[3]["rows"] as? [[String: Any]])
        #expect(rows[1]["parameters"] as? Int == 1_350_000)
        #expect(rows[1]["compute"] is NSNull)
        let layers = try #require(outputs[5]["layers"] as? [[String: Any]])
        #expect(layers[0]["width_after"] as? Int == 96)
        #expect((layers[0]["tries"] as? [[String: Any]])?[2]["accepted"] as? Bool == false)
    }

    @Test("status is left out unless asked for")
    func status() {
        let record = SentenceRecord(sentence: "x", outputs: [Samples.status])
        #expect(JSONRenderer().render(record).contains(#""outputs":[]"#))
    }

    @Test("numbers that JSON has not are null, text of any kind is valid")
    func strange() throws {
        let data: Fields = [
            "a": .double(.nan), "b": .double(.infinity), "c": "\u{0}\u{1F}\u{7F}\u{2028}\"\\/é👍", "d": .double(1e-300),
            "e": .double(1e300), "f": .int(.min), "keptNeurons": 3, "kept neurons": 4,
        ]
        let text = JSONRenderer().render(SentenceRecord(sentence: "x", outputs: [.line("", data: data)]))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let found = try #require((object["outputs"] as? [[String: Any]])?.first?["data"] as? [String: Any])
        #expect(found["a"] is NSNull)
        #expect(found["b"] is NSNull)
        #expect(found["c"] as? String == "\u{0}\u{1F}\u{7F}\u{2028}\"\\/é👍")
        #expect(found["d"] as? Double == 1e-300)
        #expect(found["e"] as? Double == 1e300)
        #expect(found["f"] as? Int == .min)
        #expect(found["kept_neurons"] as? Int == 3)
        #expect(found["kept_neurons_2"] as? Int == 4)
    }

    @Test(
        "column keys are the titles in snake case",
        arguments: [
            ("MLP share", "mlp_share"), ("keptNeurons", "kept_neurons"), ("top-1", "top_1"), ("FLOPs", "flops"),
            ("GFLOPs / image", "gflops_image"), ("width", "width"),
        ])
    func keys(title: String, key: String) {
        let table = Table(columns: [.init(title)], rows: [["x"]])
        let text = JSONRenderer().render(SentenceRecord(sentence: "x", outputs: [.table(table)]))
        #expect(text.contains("\"rows\":[{\"\(key)\":\"x\"}]"))
    }
}
