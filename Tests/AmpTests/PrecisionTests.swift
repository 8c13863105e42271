import Foundation
import Tensor
import Testing

/// `set precision`, with a library for bfloat16 products and without.
@Suite("The precision")
struct PrecisionTests {
    private static let isThere = (try? Precision.bfloat16Library) != nil
    private static let load = "load \"tiny\" as m; data \"images.safetensors\" tensor=images as cal; "
    private static let score = "score entropy t=15 batch=8"

    private func say(
        _ sentences: String, _ folder: Folder, environment: [String: String] = [:]
    ) throws -> Run {
        try folder.amp(
            "s.ampdb", "-c", sentences, environment: environment.merging(["COLUMNS": "200"]) { $1 })
    }

    @Test("is float32 unless set, and can be said to be")
    func standard() throws {
        let run = try say("show session; set precision float32; show history", Folder.staged())
        #expect(run.exitCode == 0)
        #expect(run.output.contains("float32, OpenBLAS") && !run.output.contains("else float32"))
        #expect(run.output.contains("precision: float32"))
    }

    @Test("of another word is refused, with the one that was meant")
    func unknown() throws {
        let run = try say("set precision bfloat61", Folder.staged())
        #expect(run.exitCode != 0)
        #expect(run.errors.contains("did you mean 'bfloat16'?"), "\(run.errors)")
    }

    @Test(
        "bfloat16 keeps its results apart, goes back by hand and by undo, and is kept in the session",
        .enabled(if: isThere, "needs oneDNN (libdnnl) or an OpenBLAS with cblas_sbgemm"))
    func apart() throws {
        let folder = try Folder.staged()
        let first = try say(Self.load + Self.score, folder)
        #expect(first.exitCode == 0, "\(first.errors)")
        let set = try say("set precision bfloat16; show session", folder)
        #expect(set.output.contains("precision: bfloat16, by "), "\(set.output)\(set.errors)")
        #expect(set.output.contains("slower than float32") == !Processor.multipliesBFloat16)
        #expect(set.output.contains("else float32, OpenBLAS"))

        let narrow = try say(Self.score + "; search layer 3 within 0.05 batch=8", folder)
        #expect(narrow.output.contains("bfloat16)"), "\(narrow.output)")
        #expect(!narrow.errors.contains("from cache"), "\(narrow.errors)")
        #expect(try say(Self.score, folder).errors.contains("from cache"))

        // What is planned in one precision is not gone on with in the other.
        let mixed = try say("set precision float32; search layer 2 within 0.05 batch=8", folder)
        #expect(mixed.output.contains("rests on other scores or settings"), "\(mixed.output)")
        let back = try say(Self.score, folder)
        #expect(back.errors.contains("from cache"), "\(back.errors)")
        #expect(!back.output.contains("bfloat16"))
        #expect(try say("undo 3; show session", folder).output.contains("else float32, OpenBLAS"))
    }

    @Test(
        "stands in the record of a model that was pruned by it",
        .enabled(if: isThere, "needs oneDNN (libdnnl) or an OpenBLAS with cblas_sbgemm"),
        arguments: ["float32", "bfloat16"])
    func record(_ precision: String) throws {
        let folder = try Folder.staged()
        let run = try say(
            "\(Self.load) set precision \(precision); \(Self.score); search all within 9 batch=8; prune; save \"out\"",
            folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let record = try String(contentsOfFile: folder["out/amp.json"], encoding: .utf8)
        #expect(record.contains("\"bfloat16\"") == (precision == "bfloat16"), "\(record)")
    }

    /// oneDNN has no such products for processors before AVX-512, and lets itself be told it had one of them.
    @Test("is refused where no library can, with what to do", .enabled(if: isThere, "needs a library that can't"))
    func refused() throws {
        let folder = try Folder.staged()
        let old = ["ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"]
        let run = try say("set precision bfloat16", folder, environment: old)
        // Another library, or a newer one, may well do.
        guard run.exitCode != 0 else { return }
        #expect(run.errors.contains("nothing here multiplies bfloat16 matrices"), "\(run.errors)")
        #expect(run.errors.contains("can't on this processor"), "\(run.errors)")
        #expect(run.errors.contains("set precision float32"), "\(run.errors)")

        // A session that comes from elsewhere opens and says the same when it computes.
        #expect(try say(Self.load + "set precision bfloat16", folder).exitCode == 0)
        let there = try say("show session; " + Self.score, folder, environment: old)
        #expect(there.output.contains("which no library here can do"), "\(there.output)")
        #expect(there.errors.contains("nothing here multiplies bfloat16 matrices"), "\(there.errors)")
        #expect(try say("set precision float32; " + Self.score, folder, environment: old).exitCode == 0)
    }

    @Test("is refused where there is no library, with what to install", .enabled(if: !isThere, "one is installed here"))
    func missing() throws {
        let run = try say("set precision bfloat16", Folder.staged())
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("nothing here multiplies bfloat16 matrices"), "\(run.errors)")
    }
}
