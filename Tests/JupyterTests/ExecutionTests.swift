import Foundation
import Jupyter
import Language
import Report
import Session
import Synchronization
import Testing

@Suite("Cells")
struct ExecutionTests {
    @Test("a cell is busy, shown, answered and idle, each in its place, and all because of the request")
    func order() throws {
        let client = Client()
        let heard = try client.execute("help prune")
        #expect(heard.map(\.type) == ["status", "execute_input", "display_data", "execute_reply", "status"])
        #expect(heard.map { $0.text("execution_state") } == ["busy", nil, nil, nil, "idle"])
        #expect(heard.allSatisfy { $0.parent == "1" })
        #expect(heard.filter { $0.channel == .shell }.map(\.type) == ["execute_reply"])
        #expect(heard[3].identities == [Data("client".utf8)])
        #expect(heard[3].text("status") == "ok")
        #expect(heard[1].number("execution_count") == 1)
        #expect(heard[3].number("execution_count") == 1)
        #expect(heard[1].text("code") == "help prune")
    }

    @Test("an output comes as text and as HTML, without colours")
    func forms() throws {
        let heard = try Client().execute("help start")
        let data = try #require(heard.first { $0.type == "display_data" }?.content["data"] as? [String: String])
        #expect(data.keys.sorted() == ["text/html", "text/plain"])
        #expect(data["text/plain"]?.contains("A first session:") == true)
        #expect(data["text/html"]?.hasPrefix("<div") == true)
        #expect(data.values.allSatisfy { !$0.contains("\u{1B}") })
    }

    @Test("several sentences are answered one after the other, each under its number")
    func several() throws {
        let client = Client()
        let heard = try client.execute("let a = 1; let b = 2\nlet c = 3")
        let shown = heard.filter { $0.type == "display_data" }
            .compactMap { ($0.content["data"] as? [String: String])?["text/plain"] }
        #expect(shown.filter { $0.hasPrefix("[") } == ["[1] let a = 1", "[2] let b = 2", "[3] let c = 3"])
        // The next cell has the number of its first sentence.
        #expect(try client.execute("let d = 4").contains { $0.number("execution_count") == 4 })
    }

    static let blanks = ["", "  \n\n", "# only a comment", ";;\n;"]

    @Test("a cell without a sentence is done at once", arguments: blanks)
    func nothing(code: String) throws {
        let heard = try Client().execute(code)
        #expect(heard.map(\.type) == ["status", "execute_input", "execute_reply", "status"])
        #expect(heard[2].text("status") == "ok")
    }

    static let failures: [(code: String, name: String, words: String)] = [
        ("serach all", "error", "did you mean 'search'?"), ("score", "error", "needs to know what to score"),
        ("score entropy", "error", "needs a model"), ("let a = 1; prune", "error", "needs a model"),
        ("expect params < 50%", "error", "needs a model"),
    ]

    @Test("a cell that fails says why, where the prompt would put the caret", arguments: failures)
    func failure(_ test: (code: String, name: String, words: String)) throws {
        let heard = try Client().execute(test.code)
        let reply = try #require(heard.first { $0.type == "execute_reply" })
        let error = try #require(heard.first { $0.type == "error" })
        #expect(reply.text("status") == "error")
        for message in [reply, error] {
            #expect(message.text("ename") == test.name)
            #expect(message.text("evalue")?.isEmpty == false)
            let traceback = try #require(message.content["traceback"] as? [String]).joined(separator: "\n")
            #expect(traceback.contains("\u{1B}["))
            let plain = traceback.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            #expect(plain.contains(test.words), "\(plain)")
        }
        #expect(heard.map(\.type).suffix(3) == ["error", "execute_reply", "status"])
    }

    @Test("nothing of a cell runs when one of its sentences does not read well")
    func checkedWhole() throws {
        let client = Client()
        #expect(try client.execute("let a = 1\nserach all").contains { $0.type == "error" })
        let history = try client.reply("history_request", ["hist_access_type": "tail", "n": 10])
        #expect((history.content["history"] as? [Any])?.isEmpty == true)
    }

    @Test("a cell stops at its first failure, and keeps what was done before")
    func stops() throws {
        let client = Client()
        _ = try client.execute("let a = 1; prune; let b = 2")
        #expect(try client.execute("let c = $a").allSatisfy { $0.type != "error" })
        #expect(try client.execute("let c = $b").contains { $0.type == "error" })
    }

    @Test(
        "after a failure the cells that were sent with it are not run, unless they ask to be", arguments: [true, false])
    func aborts(stopsOnError: Bool) throws {
        let client = Client()
        try client.send("execute_request", ["code": "prune", "stop_on_error": stopsOnError], id: "1")
        try client.send("execute_request", ["code": "let a = 1"], id: "2")
        try client.send("kernel_info_request", id: "3")
        try client.send("execute_request", ["code": "let b = 1"], id: "4")
        client.answer(stopsOnError ? 2 : 4)
        let heard = try client.heard()
        let replies = heard.filter { $0.channel == .shell }
        #expect(replies.map(\.parent) == (stopsOnError ? ["1", "2", "4", "3"] : ["1", "2", "3", "4"]))
        #expect(
            replies.map { $0.text("status") }
                == (stopsOnError ? ["error", "aborted", "aborted", "ok"] : ["error", "ok", "ok", "ok"]))
        // Whoever waits for a cell's end hears of it.
        let idle = heard.filter { $0.text("execution_state") == "idle" }.compactMap(\.parent)
        #expect(idle.sorted() == ["1", "2", "3", "4"])
    }

    @Test("a silent cell says nothing, and is no history")
    func silent() throws {
        let client = Client()
        let heard = try client.execute("let a = 1", ["silent": true])
        #expect(heard.map(\.type) == ["status", "execute_reply", "status"])
        #expect(try client.execute("prune", ["silent": true]).map(\.type) == ["status", "execute_reply", "status"])
        _ = try client.execute("let b = $a", ["store_history": false])
        _ = try client.execute("let c = $b")
        let history = try client.reply("history_request", ["hist_access_type": "tail", "n": 10])
        let entries = try #require(history.content["history"] as? [[Any]])
        #expect(entries.map { $0[2] as? String } == ["let c = $b"])
    }

    @Test("'quit' asks the client to leave, and ends its cell")
    func quits() throws {
        let heard = try Client().execute("quit; let a = 1")
        let payload = try #require(heard.first { $0.type == "execute_reply" }?.content["payload"] as? [[String: Any]])
        #expect(payload.map { $0["source"] as? String } == ["ask_exit"])
        #expect(heard.allSatisfy { !"\($0.content)".contains("[2]") })
    }

    @Test("an interruption ends the cell, and leaves the session as it was; one that came before it is forgotten")
    func interrupted() throws {
        let isPressed = Atomic(false)
        let presses = Atomic(0)
        let client = Client(
            surroundings: Surroundings(
                isInterrupted: { isPressed.load(ordering: .relaxed) },
                forgetInterruption: { presses.add(1, ordering: .relaxed) }))
        try client.send("interrupt_request", on: .control)
        #expect(try client.execute("let a = 1").allSatisfy { $0.type != "error" })
        #expect(presses.load(ordering: .relaxed) == 1)
        isPressed.store(true, ordering: .relaxed)
        let heard = try client.execute("let a = 2")
        #expect(heard.first { $0.type == "error" }?.text("ename") == "interrupted")
        isPressed.store(false, ordering: .relaxed)
        #expect(try client.execute("show session\nexpect params < 1").isEmpty == false)
    }

    @Test("a session that can't be opened is what each cell says, until it can")
    func noSession() throws {
        let isThere = Atomic(false)
        let client = Client(open: { () throws(Diagnostic) in
            guard isThere.load(ordering: .relaxed) else { throw Diagnostic("the session is in use") }
            return try Client.inMemory()
        })
        let heard = try client.execute("let a = 1")
        #expect(heard.first { $0.type == "error" }?.text("evalue") == "the session is in use")
        #expect(try client.reply("complete_request", ["code": "sco", "cursor_pos": 3]).text("status") == "ok")
        isThere.store(true, ordering: .relaxed)
        #expect(try client.execute("let a = 1").allSatisfy { $0.type != "error" })
    }

    @Test("a request whose content is not what it should be is dropped")
    func dropped() throws {
        let complaints = Mutex<[String]>([])
        let client = Client(surroundings: Surroundings(complain: { line in complaints.withLock { $0.append(line) } }))
        let heard = try client.ask("execute_request", ["code": 7])
        #expect(heard.map(\.type) == ["status", "status"])
        #expect(complaints.withLock { $0.count } == 1)
    }
}
