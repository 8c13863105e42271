import Foundation
import Testing
import amp

/// Figures as pictures at a terminal.
@Suite("Pictures")
struct PictureTests {
    @Test(
        "what shows pictures is known by its environment, or asked, but not through a network or a multiplexer",
        arguments: [
            (["TERM": "xterm-kitty"], .kitty), (["TERM": "xterm-ghostty"], .kitty),
            (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .kitty),
            (["TERM": "xterm", "KITTY_WINDOW_ID": "1"], .kitty),
            (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], .unknown),
            (["TERM": "xterm-kitty", "TMUX": "/tmp/tmux"], .unknown), (["TERM": "xterm"], .unknown),
            (["TERM": "xterm", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"], .none), (["TERM": "linux"], .none),
            (["TERM": "dumb", "KITTY_WINDOW_ID": "1"], .none), ([:], .none),
        ] as [([String: String], PictureProtocol.Hint)])
    func hints(environment: [String: String], expected: PictureProtocol.Hint) {
        #expect(PictureProtocol.hint { environment[$0] } == expected)
    }

    @Test(
        "AMP_GRAPHICS says how figures are shown",
        arguments: [("kitty", .kitty), ("SIXEL", .sixel), ("text", .text), ("", .auto), ("vector", .auto)]
            as [(String, Graphics)])
    func choice(word: String, expected: Graphics) {
        #expect(Graphics { $0 == "AMP_GRAPHICS" ? word : nil } == expected)
        #expect(Graphics { _ in nil } == .auto)
    }

    @Test(
        "the terminal's attributes say whether it has sixels",
        arguments: [
            ("\u{1B}[?62;4;22c", true), ("\u{1B}[?4c", false), ("\u{1B}[?62;1;22c", false), ("\u{1B}[?64;44c", false),
            ("\u{1B}[?62;4", nil), ("ls\u{1B}[?63;4c", true), ("", nil), ("\u{1B}[?62;4R", nil),
        ] as [(String, Bool?)])
    func attributes(answer: String, expected: Bool?) {
        #expect(TerminalQuestion.hasSixel(Array(answer.utf8)) == expected)
    }

    @Test(
        "what was typed around an answer is kept",
        arguments: [
            ("sh\u{1B}[?62;4cow", "show"), ("show", "show"), ("\u{1B}[?62;4", ""), ("\u{1B}[?62c", ""), ("", ""),
        ])
    func typed(bytes: String, expected: String) {
        #expect(TerminalQuestion.typed(in: Array(bytes.utf8)) == Array(expected.utf8))
    }

    @Test("a PNG goes to kitty in chunks, and no answer is asked for", arguments: [0, 1, 3072, 3073, 10_000])
    func kitty(size: Int) throws {
        let png = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let text = KittyPicture.sequences(png: png, columns: 60)
        let chunks = text.split(separator: "\u{1B}\\", omittingEmptySubsequences: true)
        #expect(text.hasSuffix("\u{1B}\\"))
        var content = ""
        for (index, chunk) in chunks.enumerated() {
            #expect(chunk.hasPrefix("\u{1B}_G"))
            let halves = chunk.dropFirst(3).split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            let keys = halves[0].split(separator: ",").map(String.init)
            #expect(keys.contains("q=2"))
            #expect(keys.contains(index + 1 < chunks.count ? "m=1" : "m=0"))
            #expect(keys.contains("a=T") == (index == 0) && keys.contains("f=100") == (index == 0))
            #expect(halves[1].utf8.count <= 4096)
            content += halves[1]
        }
        #expect(Data(base64Encoded: content) == Data(png))
    }

    @Test("sixels read back are the dots that were written")
    func sixel() {
        let (width, height) = (23, 15)
        let colours: [[UInt8]] = [[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 204, 51]]
        let places = (0..<(width * height)).map { (dot: Int) -> Int in (dot * dot / 7 + dot / width) % colours.count }
        let pixels: [UInt8] = places.flatMap { colours[$0] }
        let text = SixelPicture.sequence(width: width, height: height, pixels: pixels)
        #expect(text.hasPrefix("\u{1B}P0;1;0q\"1;1;\(width);\(height)#"))
        #expect(text.hasSuffix("\u{1B}\\"))
        let read = SixelReading(text)
        #expect(read.dots.count == width * height)
        for (index, place) in places.enumerated() {
            let percent = colours[place].map { (part: UInt8) -> Int in (Int(part) * 100 + 127) / 255 }
            #expect(read.dots[SixelReading.Dot(x: index % width, y: index / width)] == percent)
        }
    }

    @Test("a picture of more colours than there is room for keeps to 256 that are near")
    func manyColours() {
        let pixels = (0..<(64 * 64)).flatMap { (dot: Int) -> [UInt8] in
            [UInt8(dot % 64 * 4), UInt8(dot / 64 * 4), UInt8((dot * 7) % 256)]
        }
        let text = SixelPicture.sequence(width: 64, height: 64, pixels: pixels)
        let read = SixelReading(text)
        #expect(read.dots.count == 64 * 64)
        #expect(read.colours.count == 256)
    }

    @Test("nothing is drawn of nothing", arguments: [(0, 5, 100), (5, 0, 100), (5, 5, 74), (-1, 5, 100)])
    func nothing(width: Int, height: Int, count: Int) {
        let pixels = [UInt8](repeating: 9, count: count)
        #expect(SixelPicture.sequence(width: width, height: height, pixels: pixels).isEmpty)
    }

    // librsvg and cairo are found when they are there; amp does not need them.
    @Test("SVG becomes dots on white", .enabled(if: Rasterizer.shared != nil))
    func raster() throws {
        let svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4" width="8" height="4">\
            <rect x="4" width="4" height="4" fill="#0072b2"/></svg>
            """
        let raster = try #require(Rasterizer.shared?.draw(svg, width: 16, height: 8))
        #expect(Array(raster.pixels[..<3]) == [255, 255, 255])
        #expect(Array(raster.pixels.suffix(3)) == [0x00, 0x72, 0xB2])
        #expect(raster.pixels.count == 3 * 16 * 8)
        #expect(Array(raster.png.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
        #expect(Rasterizer.shared?.draw("no picture", width: 16, height: 8) == nil)
        #expect(Rasterizer.shared?.draw(svg, width: 0, height: 8) == nil)
    }

    @Test("a figure is drawn in characters where the terminal is not one for pictures")
    func characters() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal(environment: ["AMP_GRAPHICS": "text"])
        try pty.expectLine("[1] ")
        pty.send("load \"tiny\" as m\rplot widths\r")
        try pty.expectLine("[3] ")
        #expect(pty.text.contains("hidden width (neurons)"))
        #expect(pty.written.firstRange(of: Array("\u{1B}[c".utf8)) == nil)
    }

    @Test("a figure is a picture where the terminal says it has sixels", .enabled(if: Rasterizer.shared != nil))
    func picture() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal(environment: ["AMP_GRAPHICS": "sixel"])
        try pty.expectLine("[1] ")
        pty.send("load \"tiny\" as m\rplot widths\r")
        try pty.expectWritten(Array("\u{1B}P0;1;0q".utf8))
        try pty.expect("Hidden neurons of each layer's MLP.")
        #expect(!pty.text.contains("hidden width (neurons)"))
    }
}
