import Foundation
import Samples

/// The models and data that tests work on, as files: made once, written into the folder of each test.
///
/// `tiny/` and its twin `other/` (the same sizes, other weights), `images.safetensors` (`images`, `images_val`,
/// `labels`), class folders `photos/`, IDX files `idx/`; a tiny CLIP with its tokenizer `clip/`, `captions.csv` and
/// `names.txt` for the photos.
enum Stage {
    static let classes = 4
    static let count = 16

    static let files: [String: [UInt8]] = {
        var files: [String: [UInt8]] = ["images.safetensors": images(size: TinyModel().imageSize, seed: 3)]
        for (name, seed) in [("tiny", UInt64(1)), ("other", 2)] {
            var model = TinyModel()
            model.seed = seed
            for (file, bytes) in model.files { files[name + "/" + file] = bytes }
        }
        return files.merging(photos) { $1 }.merging(idx) { $1 }.merging(clip) { $1 }
    }()

    /// Images of class c are brightest in channel c, so that neighbours are of one class.
    static func images(size: Int, seed: UInt64) -> [UInt8] {
        var random = Noise(seed: seed)
        func values() -> [Float] {
            (0..<count).flatMap { image in
                (0..<3).flatMap { channel in
                    (0..<(size * size)).map { _ in random.next() + (image % classes == channel ? 1 : 0) }
                }
            }
        }
        let shape = [count, 3, size, size]
        var file = SafetensorsBytes()
        file.add("images", shape, values())
        file.add("images_val", shape, values())
        file.add("labels", (0..<count).map { Int64($0 % classes) })
        return file.bytes
    }

    private static var photos: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var random = Noise(seed: 4)
        for (name, colour) in [("blue", [30, 60, 200]), ("green", [40, 190, 60]), ("red", [210, 40, 50])] {
            for number in 1...8 {
                let pixels = (0..<(20 * 18)).flatMap { _ in
                    colour.map { UInt8(clamping: $0 + Int(random.next() * 40)) }
                }
                files["photos/\(name)/\(number).png"] = PNG.rgb(width: 20, height: 18, pixels)
            }
        }
        return files
    }

    private static var clip: [String: [UInt8]] {
        let sizes = Samples.TinyModel.Sizes(width: 16, heads: 2, hidden: [24, 24, 24], patch: 8, grid: 2, seed: 7)
        var files: [String: [UInt8]] = [:]
        // Should it not be written, every script that loads it says so.
        try? withTemporaryFolder { folder in
            try Samples.TinyModel.clipWithTokenizer(sizes).write(to: folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                files["clip/" + name] = try [UInt8](Data(contentsOf: URL(filePath: folder + "/" + name)))
            }
        }
        let captions = ["blue", "green", "red"].flatMap { name in
            (1...8).map { "\(name)/\($0).png,\"photo \($0), all \(name)\"" }
        }
        files["captions.csv"] = Array((["image,caption"] + captions).joined(separator: "\n").utf8)
        files["names.txt"] = Array("sea\ngrass\nbrick\n".utf8)
        return files
    }

    private static var idx: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var random = Noise(seed: 5)
        for part in ["train", "t10k"] {
            let pixels = (0..<(12 * 28 * 28)).map { _ in UInt8(clamping: 128 + Int(random.next() * 100)) }
            let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 28, 0, 0, 0, 28]
            files["idx/\(part)-images-idx3-ubyte"] = header + pixels
            files["idx/\(part)-labels-idx1-ubyte"] = [0, 0, 8, 1, 0, 0, 0, 12] + (0..<12).map { UInt8($0 % classes) }
        }
        return files
    }
}

/// Numbers in -1..<1, the same in every run (splitmix64).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Float(Int32(truncatingIfNeeded: (z ^ (z >> 31)) >> 32)) / 2_147_483_648
    }
}
