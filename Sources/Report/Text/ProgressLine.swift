/// How far a piece of work is, as one line that a terminal may overwrite.
package struct ProgressLine: Sendable, Hashable {
    package var label: String
    package var done: Int
    package var total: Int
    /// In seconds since the work began.
    package var elapsed: Double

    package init(label: String, done: Int, total: Int, elapsed: Double) {
        self.label = label
        self.done = done
        self.total = total
        self.elapsed = elapsed
    }

    /// The part of a label that stays the same while one piece of work goes on: "training vit" of "training vit · epoch 3".
    package static func work(of label: String) -> String {
        label.firstRange(of: " · ").map { String(label[..<$0.lowerBound]) } ?? label
    }

    /// The line, at most `width` columns: the time left goes first when there is no room, then the bar.
    package func text(width: Int = 80, unicode: Bool = true) -> String {
        let glyphs = Glyphs(unicode: unicode)
        let label = glyphs.oneLine(StyledText(label)).plain
        let share = " \(percent) %"
        let left = remaining.map { "  " + $0 } ?? ""
        let name = label.isEmpty ? "" : label + "  "

        for rest in [share + left, share] {
            let room = min(width - DisplayWidth.of(name) - rest.count, 30)
            if room >= 8 { return name + bar(cells: room, glyphs) + rest }
        }
        let short = label.isEmpty ? String(share.dropFirst()) : label + share
        return StyledText(short).truncated(to: width, glyphs: glyphs).plain
    }

    /// Coarse on purpose: "about 2 min left"; nothing before two seconds have passed.
    package var remaining: String? {
        guard done > 0, total > done, elapsed >= 2, elapsed.isFinite else { return nil }
        let seconds = elapsed / Double(done) * Double(total - done)
        if seconds < 10 { return "a few seconds left" }
        if seconds < 55 { return "about \(Int((seconds / 10).rounded()) * 10) s left" }
        if seconds < 3570 { return "about \(max(Int((seconds / 60).rounded()), 1)) min left" }
        guard seconds < 100 * 3600 else { return "days left" }
        let quarters = Int((seconds / 900).rounded())
        let minutes = quarters % 4 * 15
        return "about \(quarters / 4) h" + (minutes > 0 ? " \(minutes) min" : "") + " left"
    }

    /// Rounded down: 100 means done.
    private var percent: Int { Int(fraction * 100) }

    private var fraction: Double {
        guard total > 0 else { return 0 }
        return min(max(Double(done) / Double(total), 0), 1)
    }

    private func bar(cells: Int, _ glyphs: Glyphs) -> String {
        let full = Int(fraction * Double(cells))
        return String(repeating: glyphs.fill, count: full)
            + String(repeating: glyphs.ghost, count: cells - full)
    }
}
