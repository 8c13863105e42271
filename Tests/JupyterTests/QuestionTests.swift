import Foundation
import Jupyter
import Language
import Report
import Testing

@Suite("What clients ask beside cells")
struct QuestionTests {
    // ‸ is the cursor; it counts code points, so that a flower and a letter with its accent beside it are one and two.
    static let completions: [(text: String, matches: [String], start: Int)] = [
        ("sco‸", ["score"], 0), ("let a = 1; sea‸", ["search"], 11), ("help\nprun‸e", ["prune"], 5),
        ("load \"🌷e\u{301}\" as m\nsco‸", ["score"], 16), ("score ent‸", ["entropy"], 6),
        ("load \"sub/‸", ["sub/one\"", "sub/two/"], 6), ("load \"sub/‸\" as m", ["sub/one", "sub/two/"], 6),
        ("load sub/‸", ["\"sub/one\"", "\"sub/two/"], 5), ("# sco‸", [], 5), ("zzz‸", [], 3),
    ]

    private static let surroundings = Surroundings(paths: { prefix, opens in
        prefix == "sub/" ? ["sub/one\"", "sub/two/"].map { opens ? "\"" + $0 : $0 } : []
    })

    @Test("completion replaces from where the word begins, counted in code points", arguments: completions)
    func completion(_ test: (text: String, matches: [String], start: Int)) throws {
        let cursor = try #require(Array(test.text.unicodeScalars).firstIndex(of: "‸"))
        let code = test.text.replacing("‸", with: "")
        let reply = try Client(surroundings: Self.surroundings).reply(
            "complete_request", ["code": code, "cursor_pos": cursor])
        #expect(reply.text("status") == "ok")
        #expect(reply.content["matches"] as? [String] == test.matches)
        #expect(reply.number("cursor_start") == test.start)
        #expect(reply.number("cursor_end") == cursor)
        let metadata = try #require(reply.content["metadata"] as? [String: [[String: Any]]])
        #expect(metadata["_jupyter_types_experimental"]?.map { $0["text"] as? String } == test.matches)
    }

    @Test("a cursor outside of the code is at its end", arguments: [-7, 3, 1_000_000])
    func outside(cursor: Int) throws {
        let reply = try Client().reply("complete_request", ["code": "sco", "cursor_pos": cursor])
        #expect(reply.text("status") == "ok")
        #expect(reply.content["matches"] as? [String] != nil)
    }

    @Test("names of the session are completed")
    func names() throws {
        let client = Client()
        _ = try client.execute("let tolerance = 0.01")
        let code = "search all within $"
        let reply = try client.reply("complete_request", ["code": code, "cursor_pos": code.count])
        #expect(reply.content["matches"] as? [String] == ["$tolerance"])
    }

    static let pages: [(code: String, cursor: Int, begin: String?)] = [
        ("score entropy", 2, "score: "), ("score entropy t=5", 17, "score: "), ("sear", 4, "search: "),
        ("help search", 8, "search: "), ("score entropy", 9, "entropy\n"), ("", 0, nil), ("xyzzy", 2, nil),
    ]

    @Test("inspection is the help page of what is at the cursor", arguments: pages)
    func inspection(_ test: (code: String, cursor: Int, begin: String?)) throws {
        let reply = try Client().reply(
            "inspect_request", ["code": test.code, "cursor_pos": test.cursor, "detail_level": 0])
        #expect(reply.text("status") == "ok")
        #expect(reply.content["found"] as? Bool == (test.begin != nil))
        let data = try #require(reply.content["data"] as? [String: String])
        if let begin = test.begin {
            #expect(data["text/plain"]?.hasPrefix(begin) == true)
        } else {
            #expect(data.isEmpty)
        }
    }

    @Test(
        "code is complete, wants another line, or is wrong",
        arguments: [
            ("score entropy t=5", "complete"), ("", "complete"), ("let a = 1\nscore entropy", "complete"),
            ("for e in 1, 2 {", "incomplete"), ("for e in 1, 2 { score entropy", "incomplete"),
            ("for e in 1, 2 { score entropy }", "complete"), ("serach all", "invalid"), ("load \"x", "invalid"),
        ])
    func complete(code: String, verdict: String) throws {
        let reply = try Client().reply("is_complete_request", ["code": code])
        #expect(reply.text("status") == verdict)
        #expect(reply.text("indent") == (verdict == "incomplete" ? "    " : nil))
    }

    private static var histories: [(question: [String: Any], sentences: [String])] {
        [
            (["hist_access_type": "tail", "n": 2], ["let b = 2", "let a = 1"]),
            (["hist_access_type": "tail", "n": 0], []), (["hist_access_type": "tail", "n": -3], []),
            (["hist_access_type": "range", "session": 0, "start": 2, "stop": 4], ["show session", "let b = 2"]),
            (["hist_access_type": "range", "session": 1, "start": 3], ["let b = 2", "let a = 1"]),
            (["hist_access_type": "range", "session": -1, "start": 1], []),
            (["hist_access_type": "search", "pattern": "let*"], ["let a = 1", "let b = 2", "let a = 1"]),
            (["hist_access_type": "search", "pattern": "let*", "unique": true], ["let b = 2", "let a = 1"]),
            (["hist_access_type": "search", "pattern": "*b*", "n": 1], ["let b = 2"]),
            (["hist_access_type": "search", "pattern": "nothing*"], []),
        ]
    }

    @Test("history is the journal's: its end, a stretch, or what is like a pattern", arguments: 0..<10)
    func history(index: Int) throws {
        let test = Self.histories[index]
        let client = Client()
        for code in ["let a = 1", "show session", "let b = 2", "let a = 1"] { _ = try client.execute(code) }
        var question = test.question
        question["raw"] = true
        question["output"] = false
        let reply = try client.reply("history_request", question)
        let entries = try #require(reply.content["history"] as? [[Any]])
        #expect(entries.map { $0[2] as? String } == test.sentences)
        question["output"] = true
        let withOutputs = try client.reply("history_request", question)
        let pairs = try #require(withOutputs.content["history"] as? [[Any]]).map { $0[2] as? [String] }
        #expect(pairs.map { $0?.first } == test.sentences)
        #expect(pairs.allSatisfy { $0?.count == 2 })
    }

    @Test("the kernel says what it speaks", arguments: [Channel.shell, .control])
    func info(channel: Channel) throws {
        let client = Client()
        try client.send("kernel_info_request", on: channel)
        if channel == .shell { client.answer() }
        let heard = try client.heard()
        let reply = try #require(heard.first { $0.type == "kernel_info_reply" })
        #expect(reply.channel == channel)
        #expect(heard.map(\.type) == ["status", "kernel_info_reply", "status"])
        let language = try #require(reply.content["language_info"] as? [String: Any])
        #expect(language["name"] as? String == "amp")
        #expect(language["file_extension"] as? String == ".amp")
    }

    @Test("there is nothing to connect widgets to")
    func comms() throws {
        let client = Client()
        let reply = try client.reply("comm_info_request")
        #expect((reply.content["comms"] as? [String: Any])?.isEmpty == true)
        let heard = try client.ask("comm_open", ["comm_id": "x", "target_name": "jupyter.widget", "data": [:]])
        #expect(heard.first { $0.type == "comm_close" }?.text("comm_id") == "x")
    }

    @Test("shutting down is answered, then nothing is done any more", arguments: [Channel.shell, .control])
    func shutdown(channel: Channel) throws {
        let client = Client()
        try client.send("shutdown_request", ["restart": true], on: channel)
        if channel == .shell { client.answer() }
        let reply = try #require(try client.heard().first { $0.type == "shutdown_reply" })
        #expect(reply.channel == channel)
        #expect(reply.content["restart"] as? Bool == true)
        try client.send("execute_request", ["code": "let a = 1"])
        client.answer()
        #expect(try client.heard().isEmpty)
    }
}
