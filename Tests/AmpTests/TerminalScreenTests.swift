import Testing

@Suite("What a terminal shows")
struct TerminalScreenTests {
    @Test(
        "of what a program writes",
        arguments: [
            ("one\r\ntwo", "one\ntwo"),
            ("wrong\rright", "right"),
            ("step 1\r\u{1B}[Kstep 20\r\u{1B}[Kdone", "done"),
            ("\u{1B}[1;34m[1]\u{1B}[0m score", "[1] score"),
            ("[2] sc\r\u{1B}[7Gore x", "[2] score x"),
            ("abc\u{08}\u{08}X", "aXc"),
            ("abcd\u{1B}[3D\u{1B}[2P", "ad"),
            ("ad\u{1B}[D\u{1B}[2@bc", "abcd"),
            ("one\r\ntwo\u{1B}[A\r\u{1B}[J1", "1"),
            ("gone\u{1B}[H\u{1B}[2Jnew", "new"),
            ("é ✓ 12 × 384", "é ✓ 12 × 384"),
            (String(repeating: "x", count: 82), String(repeating: "x", count: 80) + "\nxx"),
        ])
    func shows(written: String, seen: String) {
        var whole = TerminalScreen(width: 80, height: 24)
        whole.show(written)
        #expect(whole.text == seen)

        // The same, however the output arrives.
        var pieces = TerminalScreen(width: 80, height: 24)
        for scalar in written.unicodeScalars { pieces.show(String(scalar)) }
        #expect(pieces.text == seen)
    }
}
