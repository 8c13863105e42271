import Testing
import amp

@Suite("Screen")
struct ScreenTests {
    @Test(
        "colour: as the option says, or for a terminal that can and a user who has not said no",
        arguments: [
            (true, .auto, ["TERM": "xterm"], true),
            (false, .auto, ["TERM": "xterm"], false),
            (true, .auto, ["TERM": "dumb"], false),
            (true, .auto, [:], false),
            (true, .auto, ["TERM": "xterm", "NO_COLOR": "1"], false),
            (true, .auto, ["TERM": "xterm", "NO_COLOR": ""], true),
            (false, .always, ["NO_COLOR": "1"], true),
            (true, .never, ["TERM": "xterm"], false),
        ] as [(Bool, Screen.ColourChoice, [String: String], Bool)])
    func colour(isTerminal: Bool, choice: Screen.ColourChoice, environment: [String: String], expected: Bool) {
        let screen = Screen(1, isTerminal: isTerminal, colour: choice) { environment[$0] }
        #expect(screen.hasColour == expected)
    }

    @Test(
        "Unicode: as the locale says",
        arguments: [
            (true, ["LANG": "en_US.UTF-8"], true),
            (true, ["LANG": "en_US.UTF-8", "LC_ALL": "C"], false),
            (true, ["LANG": "C", "LC_CTYPE": "C.utf8"], true),
            (true, [:], false),
            (true, ["LANG": "C.UTF-8", "TERM": "linux"], false),
            (false, [:], true),
            (false, ["LC_ALL": "POSIX"], false),
        ] as [(Bool, [String: String], Bool)])
    func unicode(isTerminal: Bool, environment: [String: String], expected: Bool) {
        #expect(Screen(1, isTerminal: isTerminal) { environment[$0] }.hasUnicode == expected)
    }

    @Test("the width without a window", arguments: [("132", 132), ("", 80), ("wide", 80), ("0", 80), ("-3", 80)])
    func width(columns: String, expected: Int) {
        #expect(Screen(1, isTerminal: false) { $0 == "COLUMNS" ? columns : nil }.width == expected)
    }
}
