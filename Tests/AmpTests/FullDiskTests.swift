import Foundation
import Testing

/// Writing where there is no room: a small file system of its own, or a limit on file sizes.
@Suite("A full disk")
struct FullDiskTests {
    /// Runs a shell script with `small/`, a file system of 64 kB, in the test's folder.
    static func onSmallDisk(_ script: String, in folder: Folder) throws -> Run {
        try FileManager.default.createDirectory(atPath: folder["small"], withIntermediateDirectories: true)
        let mounted = "mount -t tmpfs -o size=64k tmpfs small && { \(script); }"
        // A mount namespace of its own, so that nothing has to be unmounted.
        let own = getuid() == 0 ? ["-m"] : ["-rm"]
        return try Run("/usr/bin/unshare", own + ["/bin/bash", "-c", mounted], in: folder.path)
    }

    static let canMount: Bool = {
        guard let folder = try? Folder(), let run = try? onSmallDisk("true", in: folder) else { return false }
        return run.exitCode == 0
    }()

    @Test(
        "leaves what was saved before as it was, and says so",
        .enabled(if: canMount, "needs to mount a tmpfs: root or user namespaces"))
    func save() throws {
        let folder = try Folder.staged()
        let amp = AmpBinary.path
        let run = try Self.onSmallDisk(
            """
            "\(amp)" -c 'load "tiny" as m; save "small/slim"' >/dev/null || exit 90
            sha256sum small/slim/* > before; find small | sort > files
            "\(amp)" -c 'load "other" as o; save "small/slim" replace'; echo "code $?"
            "\(amp)" -c 'load "other" as o; save "small/more"'; echo "code $?"
            sha256sum --quiet -c before && echo "as it was"
            find small | sort | diff - files && echo "no leftovers"
            """, in: folder)
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        #expect(run.output.components(separatedBy: "code 1\n").count == 3, "\(run.output)\(run.errors)")
        #expect(run.errors.contains("error: the disk is full:"), "\(run.errors)")
        #expect(run.errors.contains("note: what was there before is untouched"))
        #expect(run.output.contains("as it was\nno leftovers\n"), "\(run.output)\(run.errors)")
    }

    @Test("of the session loses the sentence, not the session", .enabled(if: canMount, "needs to mount a tmpfs"))
    func session() throws {
        let folder = try Folder.staged()
        let amp = AmpBinary.path
        let run = try Self.onSmallDisk(
            """
            "\(amp)" s.ampdb -c 'load "tiny" as m; let e = 0.02' >/dev/null || exit 90
            mount -t tmpfs -o remount,size=1m tmpfs small
            cp s.ampdb small/s.ampdb
            dd if=/dev/zero of=small/filler bs=1k count=2000 2>/dev/null
            "\(amp)" small/s.ampdb -c 'data "images.safetensors" tensor=images as cal; score magnitude; score entropy'
            echo "code $?"
            rm small/filler
            "\(amp)" small/s.ampdb -c 'show session; data "images.safetensors" tensor=images as cal; score entropy'
            echo "code $?"
            """, in: folder)
        #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("code 1\n"), "\(run.output)\(run.errors)")
        #expect(run.output.hasSuffix("code 0\n"), "\(run.output)\(run.errors)")
        #expect(run.errors.contains("disk is full"), "\(run.errors)")
        #expect(run.output.contains("$e                0.02") || run.output.contains("$e "), "\(run.output)")
    }

    @Test("met as a limit on the size of files is an error like another")
    func limit() throws {
        let folder = try Folder.staged()
        let run = try Run(
            "/bin/bash", ["-c", "ulimit -f 16; \"\(AmpBinary.path)\" -c 'load \"tiny\" as m; save \"slim\"'"],
            in: folder.path)
        #expect(run.exitCode == 1, "\(run.errors)")
        #expect(run.errors.contains("slim"), "\(run.errors)")
        #expect(!folder.exists("slim"))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.allSatisfy { !$0.contains("tmp") }, "\(left)")
    }
}
