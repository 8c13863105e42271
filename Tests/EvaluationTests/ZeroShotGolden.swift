import Checkpoints
import Foundation
import Images
import Models
import Tensor
import Testing
import Text

/// A model of a library with its tokenizer, pictures and captions, and what the library makes of them.
///
/// The folders lie beside the project and are no part of it: `zeroshot/` in `../shared/goldens`, or in a folder named in
/// `AMP_GOLDENS`.
struct ZeroShotGolden: Sendable, CustomTestStringConvertible {
    let folder: String
    let name: String
    var testDescription: String { name }
    var path: String { folder + "/" + name }

    static let all: [ZeroShotGolden] = {
        let root = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        let beside = (root as NSString).appendingPathComponent("../shared/goldens")
        let others = ProcessInfo.processInfo.environment["AMP_GOLDENS"]?.split(separator: ":").map(String.init) ?? []
        return ([beside] + others).flatMap { folder in
            ["hf", "openclip"].map { ZeroShotGolden(folder: folder + "/zeroshot", name: $0) }
        }.filter { FileManager.default.fileExists(atPath: $0.path + "/expected.json") }
    }()

    var convention: TextConvention { name == "hf" ? .huggingFace : .openCLIP }

    func json(_ file: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path + "/" + file)))
    }

    /// Pictures that amp prepares in another way: its colours are RGB, without alpha, before anything is resized.
    ///
    /// OpenCLIP resizes palettes, bits and alpha as they are; Hugging Face's library of late paints what is transparent
    /// white, which earlier versions did not.
    var deviations: Set<String> {
        name == "hf" ? ["modes.RGBA"] : ["modes.P", "modes.RGBA", "modes.one"]
    }

    func expected() throws -> SafetensorsFile { try SafetensorsFile(path: path + "/expected.safetensors") }

    /// Prepared pictures of a folder (names, 3, 32, 32).
    func pixels(of names: [String], in pictures: String) throws -> FloatBuffer {
        let set = try DataSet.open(.classFolders(path: folder + "/" + pictures))
        let pixels = FloatBuffer([names.count, 3, 32, 32])
        for (row, name) in names.enumerated() {
            let part = try #require(set.parts.first { $0.names.contains(name) })
            let place = try #require(part.names.firstIndex(of: name))
            try part.read(place..<(place + 1), preprocessing: preprocessing(), into: pixels.row(row))
        }
        return pixels
    }

    private func preprocessing() throws -> Preprocessing {
        let size = PixelSize(height: 32, width: 32)
        return name == "hf"
            ? try .huggingFace(json: json("preprocessor_config.json"), modelSize: size, channels: .rgb)
            : try .openCLIP(json: json("open_clip_config.json"), modelSize: size)
    }
}

/// The largest difference, relative to the largest value of the reference.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 0
    let difference = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
    return largest > 0 ? difference / largest : difference
}
