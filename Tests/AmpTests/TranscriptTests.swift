import Foundation
import Testing

/// `export transcript`: a session as a page, as Markdown and as a notebook.
@Suite("Transcripts of sessions")
struct TranscriptTests {
    private static let lesson = """
        # # What an MLP neuron does
        #
        # The *first* step is to load something.
        amp 1
        param images = 8
        # ## Looking
        load "tiny" as m # from its folder
        data "images.safetensors" tensor=images as cal
        score entropy batch=8
        search all within 0.02 batch=8
        prune
        undo
        # ## The end
        # That was it.
        """

    private func session() throws -> Folder {
        let folder = try Folder.staged()
        try folder.write(Self.lesson, to: "lesson.amp")
        let run = try folder.amp("run", "lesson.amp", "--session", "s.ampdb", "--set", "images=4")
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        // A failure is part of the story.
        #expect(try folder.amp("s.ampdb", "-c", "load \"<nowhere>\" as x").exitCode == 1)
        return folder
    }

    @Test("a page holds all that was said, asked and answered, what failed, what was undone, and what it rests on")
    func page() throws {
        let folder = try session()
        let run = try folder.amp("s.ampdb", "-c", "export transcript to \"lesson.html\"")
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output == "    transcript of 8 cells in lesson.html\n")
        let page = try folder.text("lesson.html")
        #expect(page.contains("<h1>What an MLP neuron does</h1>"))
        #expect(page.contains("<p>The <em>first</em> step is to load something.</p>"))
        #expect(page.contains("<h2 id=\"on-looking\">Looking</h2>"))
        #expect(page.contains("<p>That was it.</p>"))
        // The caller's value ran, not the one that stands in the script.
        #expect(page.contains("<span class=\"s-verb\">param</span> images = <span class=\"s-number\">4</span>"))
        #expect(page.contains("<span class=\"s-comment\"># from its folder</span>"))
        #expect(page.contains("<div class=\"cell undone\" id=\"cell-6\">"))
        #expect(page.contains("<div class=\"cell failed\" id=\"cell-8\">"))
        #expect(page.contains("&lt;nowhere&gt;") && !page.contains("<nowhere>"))
        let hash = try Run("/usr/bin/sha256sum", [folder["tiny/model.safetensors"]]).output.prefix(64)
        #expect(page.contains("<dt>model m</dt><dd>tiny, SHA-256 \(hash)</dd>"))
        #expect(page.contains("<dt>data cal</dt><dd>images.safetensors, 16 in all, SHA-256 "))
        for fact in ["amp", "session", "precision", "processor", "products", "threads"] {
            #expect(page.contains("<dt>\(fact)</dt>"))
        }
    }

    @Test("the same session gives the same document, and a longer one overwrites only by 'replace'")
    func replacing() throws {
        let folder = try session()
        for ending in ["html", "md", "ipynb"] {
            let sentence = "export transcript to \"t.\(ending)\""
            #expect(try folder.amp("s.ampdb", "-c", sentence).exitCode == 0)
            let first = try folder.bytes("t.\(ending)")
            let again = try folder.amp("s.ampdb", "-c", sentence)
            #expect(again.exitCode == 0 && again.errors.contains("exactly this was there already"), "\(again.errors)")
            #expect(try folder.amp("s.ampdb", "-c", "show models").exitCode == 0)
            let refused = try folder.amp("s.ampdb", "-c", sentence)
            #expect(refused.exitCode == 1 && refused.errors.contains("exists and holds something else"))
            #expect(try folder.bytes("t.\(ending)") == first)
            #expect(try folder.amp("s.ampdb", "-c", sentence + " replace").exitCode == 0)
            #expect(try folder.bytes("t.\(ending)") != first)
        }
    }

    @Test("without times two runs of a script write the same", arguments: ["html", "md", "ipynb"])
    func timeless(ending: String) throws {
        let folder = try Folder.staged()
        try folder.write(Self.lesson + "\nexport transcript to \"t.\(ending)\" times=no\n", to: "lesson.amp")
        for _ in 0..<2 {
            let run = try folder.amp("run", "lesson.amp")
            #expect(run.exitCode == 0, "\(run.errors)")
        }
        let text = try folder.text("t.\(ending)")
        // What is said before the sentence that writes the document closes it.
        #expect(text.contains("That was it.") && text.contains("What an MLP neuron does"))
        #expect(!text.contains("processor") && !text.contains(Self.year))
    }

    private static let year = String(Calendar(identifier: .gregorian).component(.year, from: Date()))

    @Test("Markdown and notebooks hold the same")
    func others() throws {
        let folder = try session()
        let sentences = "export transcript to \"t.md\"; export notebook to \"t.ipynb\""
        #expect(try folder.amp("s.ampdb", "-c", sentences).exitCode == 0)
        let markdown = try folder.text("t.md")
        #expect(
            markdown.hasPrefix("# What an MLP neuron does\n\nThe *first* step is to load something.\n\n```text\n[1] "))
        #expect(markdown.contains("\n[2] load \"tiny\" as m # from its folder\n    m: timm vision transformer"))
        #expect(markdown.contains("    undone\n[") && markdown.contains("error: "))
        let bytes = Data(try folder.bytes("t.ipynb"))
        let notebook = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let cells = try #require(notebook["cells"] as? [[String: Any]])
        #expect(cells.filter { $0["cell_type"] as? String == "code" }.count == 8)
        #expect(cells.first?["source"] as? [String] == ["# What an MLP neuron does"])
    }

    @Test(
        "a name that says no format is refused before anything runs",
        arguments: [
            ("transcript to \"a.pdf\"", "end it in .html, .md or .ipynb"),
            ("transcript to \"html\"", "end it in .html"),
            ("transcript", "write: export transcript to \"transcript.html\""),
            ("notebook to \"a.html\"", "end it in .ipynb"),
            ("transcript to \"a.html\" figures=beside", "end it in .md"),
        ])
    func endings(object: String, label: String) throws {
        let folder = try Folder()
        let run = try folder.amp("-c", "help; export \(object)")
        #expect(run.exitCode == 65 && run.output.isEmpty)
        #expect(run.errors.contains(label), "\(run.errors)")
    }

    @Test("a remark at the prompt is text of the transcript")
    func remarks() throws {
        let folder = try Folder.staged()
        let pty = try folder.terminal("s.ampdb")
        try pty.expectLine("[1] ")
        pty.send("# Is it there?\r")
        pty.send("show models # looking\r")
        try pty.expectLine("[2] ")
        pty.send("export transcript to \"t.md\" times=no\r")
        try pty.expectLine("[3] ")
        pty.endInput()
        #expect(try pty.waitForExit() == 0)
        #expect(
            try folder.text("t.md").hasPrefix(
                """
                # Session s

                Is it there?

                ```text
                [1] show models # looking
                    no model is loaded yet: load "…"
                """))
    }

    @Test(
        "a full disk leaves the transcript that was there as it was",
        .enabled(if: FullDiskTests.canMount, "needs to mount a tmpfs: root or user namespaces"))
    func fullDisk() throws {
        let folder = try session()
        let amp = AmpBinary.path
        let run = try FullDiskTests.onSmallDisk(
            """
            "\(amp)" -c 'help; export transcript to "small/t.html"' >/dev/null || exit 90
            sha256sum small/t.html > before
            "\(amp)" s.ampdb -c 'for i in 1, 2, 3, 4, 5, 6, 7, 8 { help search; help score; help }' >/dev/null || exit 91
            dd if=/dev/zero of=small/filler bs=1k count=30 2>/dev/null
            "\(amp)" s.ampdb -c 'export transcript to "small/t.html" replace'; echo "code $?"
            sha256sum --quiet -c before && ls small
            """, in: folder)
        #expect(run.output == "code 1\nfiller\nt.html\n", "\(run.output)\(run.errors)")
        #expect(run.errors.contains("error: the disk is full:"), "\(run.errors)")
    }
}
