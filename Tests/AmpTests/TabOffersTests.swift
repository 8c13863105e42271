import Foundation
import Testing
import amp

@Suite("What Tab offers")
struct TabOffersTests {
    private static func offers(_ texts: [String]) -> TabOffers {
        TabOffers(replaced: 0..<0, candidates: texts.map { TabOffers.Candidate($0) })
    }

    @Test(
        "is inserted over what was typed as far as it is certain",
        arguments: [
            ("sc", ["score"], "score "),
            ("s", ["score", "search"], nil),
            ("s", ["score", "scale"], "sc"),
            ("sh", ["show stats", "show plan"], "show "),
            ("t", ["t="], "t="),
            ("", ["\""], "\""),
            ("da", ["data/"], "data/"),
            ("da", ["data.bin\""], "data.bin\" "),
            ("serach", ["search", "save"], nil),
            ("score ", ["score"], nil),
            ("x", [], nil),
        ] as [(String, [String], String?)])
    func insertion(typed: String, candidates: [String], inserted: String?) {
        #expect(Self.offers(candidates).insertion(over: typed) == inserted)
    }

    @Test("with summaries takes a line each, no wider than the window")
    func summaries() {
        let offers = TabOffers(
            replaced: 0..<1,
            candidates: [
                .init("score", summary: "rank neurons"), .init("search", summary: "find the widths"), .init("set"),
            ])
        #expect(offers.listing(width: 80) == ["score   rank neurons", "search  find the widths", "set"])
        #expect(offers.listing(width: 12) == ["score   ran…", "search  fin…", "set"])
    }

    @Test("without summaries stands in columns, read downwards")
    func columns() {
        #expect(Self.offers(["a", "bb", "c", "d", "e"]).listing(width: 8) == ["a   d", "bb  e", "c"])
    }

    @Test("is counted, not all shown, when there is very much")
    func many() {
        let lines = Self.offers((0..<100).map { "file\($0)" }).listing(width: 10, limit: 10)
        #expect(lines.count == 11)
        #expect(lines.last == "… and 90 …")
    }

    @Test("for a path: folders stay open, files close the string, hidden ones wait for their dot")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/amp-paths-\(UUID().uuidString)/"
        try FileManager.default.createDirectory(atPath: folder + "model", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["model.bin", "mélange", ".hidden", "other", "m\"quote", "m\u{1B}[31m"] {
            try Data().write(to: URL(fileURLWithPath: folder + name))
        }
        let offered = TabOffers.paths(from: folder + "m")
        // A quote in a name is written as the language has it; what would garble the line is left out.
        #expect(
            offered.map(\.text) == [
                folder + "m\\\"quote\"", folder + "model/", folder + "model.bin\"", folder + "mélange\"",
            ])
        #expect(offered.map(\.label) == ["m\"quote", "model/", "model.bin", "mélange"])
        #expect(TabOffers.paths(from: folder + ".").map(\.label) == [".hidden"])
        #expect(TabOffers.paths(from: folder + "none/x").isEmpty)
    }
}
