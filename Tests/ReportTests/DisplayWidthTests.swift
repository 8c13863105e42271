import Report
import Testing

@Test(
    "columns are counted as terminals draw them",
    arguments: [
        ("", 0), ("blocks.11", 9), ("→ ✓ ✗ … ·", 9), ("e\u{301}", 1), ("naïve", 5), ("模型", 4), ("한국어", 6), ("ｗ", 2),
        ("👍", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("1️⃣", 2), ("\u{301}", 0), ("\u{200B}", 0), ("▏█░", 3), ("नि", 1),
    ])
func displayWidth(text: String, columns: Int) { #expect(DisplayWidth.of(text) == columns) }
