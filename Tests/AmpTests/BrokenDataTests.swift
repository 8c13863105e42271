import Foundation
import Testing

/// What data can have wrong, and the words amp has for it.
@Suite("Broken data")
struct BrokenDataTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ImagesTests/Fixtures").path

    private func list(_ path: String, _ folder: Folder, _ more: String = "") throws -> Run {
        try folder.amp("-c", "load \"tiny\" as m; data \"\(path)\"\(more)", environment: ["COLUMNS": "500"])
    }

    @Test("a text file named .jpg is refused where it is alone, left out and counted among others")
    func text() throws {
        let folder = try Folder.staged()
        try folder.write("hello, this is text\n", to: "alone/a.jpg")
        let alone = try list("alone", folder)
        #expect(alone.exitCode == 1)
        #expect(alone.errors.contains("error: the only image can't be read"))
        #expect(alone.errors.contains("a.jpg\" is neither JPEG nor PNG: it begins with"), "\(alone.errors)")

        try folder.write("hello, this is text\n", to: "photos/red/a.jpg")
        try folder.write(Array(folder.bytes("photos/red/1.png").prefix(300)), to: "photos/red/cut.png")
        let among = try list("photos", folder)
        #expect(among.exitCode == 0)
        #expect(among.output.contains("warning: 2 of 26 images can't be read and are left out: "), "\(among.output)")
        let used = try folder.amp("-c", "load \"tiny\" as m; data \"photos\" as pics; evaluate entropy; show data")
        #expect(used.exitCode == 0, "\(used.errors)")
        #expect(used.output.contains("on 12 validation images") || used.output.contains("on 11 validation images"))
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("nowhere", "there is nothing at"), ("empty", "no images in"), ("notes", "no images in"),
            ("idx-cut", "promises 9424 bytes, the file holds 9414"), ("idx-lied", "promises"),
            ("labels-few", "12 images but 11 labels"), ("text.txt", "holds no images that amp reads"),
            ("cut.safetensors", "ends too early"), ("flat.safetensors", "no tensor there has four axes"),
            ("nan.safetensors", "holds a value that is not a number, in image 1"), ("/dev/null", "neither a file nor"),
        ])
    func refused(path: String, message: String) throws {
        let folder = try Folder.staged()
        try FileManager.default.createDirectory(atPath: folder["empty"], withIntermediateDirectories: true)
        try folder.write("not an image", to: "notes/readme.md")
        try folder.write("not an image", to: "text.txt")
        let images = try folder.bytes("idx/train-images-idx3-ubyte")
        let labels = try folder.bytes("idx/train-labels-idx1-ubyte")
        try folder.write(images.dropLast(10), to: "idx-cut/train-images-idx3-ubyte")
        try folder.write(
            [0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF] + images.dropFirst(8), to: "idx-lied/train-images-idx3-ubyte")
        try folder.write(images, to: "labels-few/train-images-idx3-ubyte")
        try folder.write(
            [0, 0, 8, 1, 0, 0, 0, 11] + labels.dropFirst(8).dropLast(), to: "labels-few/train-labels-idx1-ubyte")
        for name in ["idx-cut", "idx-lied"] { try folder.write(labels, to: name + "/train-labels-idx1-ubyte") }
        try folder.write(folder.bytes("images.safetensors").dropLast(64), to: "cut.safetensors")
        var flat = SafetensorsBytes()
        flat.add("x", [4], [1, 2, 3, 4])
        try folder.write(flat.bytes, to: "flat.safetensors")
        var nan = SafetensorsBytes()
        nan.add("images", [2, 3, 16, 16], [.nan] + [Float](repeating: 0.5, count: 1535))
        try folder.write(nan.bytes, to: "nan.safetensors")
        let run = try list(path, folder, "; score entropy")
        #expect(run.exitCode == 1, "\(run.output)\(run.errors)")
        #expect(run.errors.hasPrefix("error: "), "\(run.errors)")
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test("pictures of every kind are read beside each other")
    func kinds() throws {
        let folder = try Folder.staged()
        try FileManager.default.createDirectory(atPath: folder["kinds"], withIntermediateDirectories: true)
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures)
            .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }
        for name in names {
            try FileManager.default.copyItem(atPath: Self.fixtures + "/" + name, toPath: folder["kinds/" + name])
        }
        let run = try list("kinds", folder, "; evaluate entropy")
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(names.count > 30)
        #expect(!run.output.contains("warning"), "\(run.output)")
    }

    @Test("a model is refused images it can't take")
    func unsuitable() throws {
        let folder = try Folder.staged()
        var small = SafetensorsBytes()
        small.add("grey", [4, 1, 16, 16], [Float](repeating: 0, count: 1024))
        small.add("odd", [4, 3, 12, 16], [Float](repeating: 0, count: 2304))
        try folder.write(small.bytes, to: "small.safetensors")
        let grey = try list("small.safetensors", folder, " tensor=grey; score entropy")
        #expect(grey.errors.contains("the model takes images of 3 channels, the data has 1"), "\(grey.errors)")
        let odd = try list("small.safetensors", folder, " tensor=odd; score entropy")
        #expect(odd.errors.contains("images of 12×16 do not split into patches of 8×8"), "\(odd.errors)")
    }

    /// Runs amp as somebody who is not the superuser, who reads everything.
    private static func asNobody(_ sentence: String, in folder: Folder) throws -> Run {
        guard getuid() == 0 else { return try folder.amp("-c", sentence, environment: ["COLUMNS": "500"]) }
        // A user namespace without a map of users: root outside is nobody inside.
        return try Run(
            "/usr/bin/unshare", ["-U", AmpBinary.path, "-c", sentence], environment: ["COLUMNS": "500"],
            in: folder.path)
    }

    static let canBeNobody: Bool = {
        guard let folder = try? Folder(), let run = try? asNobody("help", in: folder) else { return false }
        return run.exitCode == 0
    }()

    @Test(
        "a file without permission is named",
        .enabled(if: canBeNobody, "needs to run as somebody else than root, or user namespaces"),
        arguments: [
            ("images.safetensors", "data \"images.safetensors\" tensor=images"),
            ("tiny/model.safetensors", "load \"tiny\""),
            ("tiny/config.json", "load \"tiny\""), ("job.amp", "run \"job.amp\""),
        ])
    func unreadable(path: String, sentence: String) throws {
        let folder = try Folder.staged()
        try folder.write("help", to: "job.amp")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder[path])
        let run = try Self.asNobody(sentence, in: folder)
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("can't be read: Permission denied"), "\(run.errors)")
    }
}
