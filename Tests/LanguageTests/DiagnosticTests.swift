import Language
import Testing

@Suite("Diagnostics")
struct DiagnosticTests {
    @Test("notes and hints of an error without a place stand on lines of their own")
    func withoutPlace() {
        let diagnostic = Diagnostic(
            "nothing to prune: every layer keeps its full width",
            notes: ["the plan from [5] accepted no smaller width"], hints: ["search all within 2%"])
        #expect(
            diagnostic.rendered(source: nil) == """
                error: nothing to prune: every layer keeps its full width
                  note: the plan from [5] accepted no smaller width
                  hint: search all within 2%
                """)
    }

    @Test("an interruption says so and shows the sentence it stopped")
    func interruption() {
        let source = Source("search all within 0.01")
        let diagnostic = Diagnostic(
            "search all stopped at layer 7 of 12", kind: .interrupted, at: SourceSpan(0, 10),
            notes: ["scores stay cached"])
        #expect(
            diagnostic.rendered(source: source) == """
                interrupted: search all stopped at layer 7 of 12
                  search all within 0.01
                  ^^^^^^^^^^
                  note: scores stay cached
                """)
    }

    @Test(
        "the caret stands under wide characters, marks and tabs as a terminal shows them",
        arguments: [
            ("load \"日本\" x", "  load \"日本\" x\n              ^ "),
            ("load \"e\u{301}\" x", "  load \"e\u{301}\" x\n           ^ "),
            ("load\t\"a\" x", "  load    \"a\" x\n              ^ "),
            ("load \"👩‍👩‍👧\" x", "  load \"👩‍👩‍👧\" x\n            ^ "),
        ])
    func columns(_ text: String, _ expected: String) {
        let lines = complaint(text).split(separator: "\n").dropFirst().joined(separator: "\n")
        #expect(lines.hasPrefix(expected), "\(lines)")
    }

    @Test("a line longer than the width is cut around the caret", arguments: [20, 40, 60, 80])
    func longLines(_ width: Int) throws {
        let text = "load \"" + String(repeating: "a", count: 200) + "\" xx # " + String(repeating: "b", count: 200)
        let lines = complaint(text, width: width).split(separator: "\n")
        let place = try #require(lines.firstIndex { $0.hasPrefix("  …") })
        let line = lines[place]
        let carets = try #require(lines.dropFirst(place + 1).first)
        #expect(line.count <= width)
        #expect(line.hasPrefix("  …") && line.hasSuffix("…"))
        let start = try #require(carets.firstIndex(of: "^"))
        let offset = carets.distance(from: carets.startIndex, to: start)
        #expect(line.dropFirst(offset).prefix(2) == "xx")
    }

    @Test("words that would pass the last column go on in the next line", arguments: [30, 60, 80])
    func longWords(_ width: Int) {
        let words = String(repeating: "several words of some length ", count: 9)
        let diagnostic = Diagnostic(words, notes: [words], hints: [words])
        let lines = diagnostic.rendered(source: nil, width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.count > 6)
        #expect(lines.joined(separator: " ").split(separator: " ").count == 5 * 9 * 3 + 3)
    }

    @Test("a note that quotes another diagnostic keeps its lines")
    func quoted() {
        let diagnostic = Diagnostic("it failed", notes: ["error: unknown command 'serach'\n  serach\n  ^^^^^^"])
        #expect(
            diagnostic.rendered(source: nil) == """
                error: it failed
                  note: error: unknown command 'serach'
                      serach
                      ^^^^^^
                """)
    }

    @Test("control characters of a source never reach the terminal")
    func controls() {
        let text = complaint("load \"\u{1B}[2J\u{202E}\" \u{7}x")
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{202E}" })
    }

    @Test("the styled runs are the plain text")
    func runs() throws {
        let source = Source("serach layer 12", name: "a.amp")
        let diagnostic = try #require(vocabulary.parse(source).diagnostics.first)
        let runs = diagnostic.runs(source: source)
        #expect(runs.map(\.text).joined() == diagnostic.rendered(source: source))
        #expect(runs.first { $0.style == .severity }?.text == "error:")
        #expect(runs.first { $0.style == .caret }?.text == "^^^^^^")
        #expect(runs.first { $0.style == .location }?.text == "a.amp:1:1:")
    }

    @Test("lines and columns count as an editor does, whatever ends the lines", arguments: ["\n", "\r\n", "\r"])
    func positions(_ newline: String) throws {
        let source = Source("\u{FEFF}show stats\(newline)\(newline)load \"é\" xyz", name: "a.amp")
        let diagnostic = try #require(vocabulary.parse(source).diagnostics.first)
        #expect(diagnostic.rendered(source: source).hasPrefix("a.amp:3:10: error:"))
    }
}
