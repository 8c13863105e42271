import ArgumentParser
import Foundation

extension RandomViT.Size: ExpressibleByArgument {}

/// A model that both sides of a comparison load.
struct MakeModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Writes a vision transformer of random weights in timm's names.")

    @Argument(help: "ti, s, b or l.") var size: RandomViT.Size
    @Argument(help: "The model's folder.") var folder: String
    @Option(help: "Blocks, if not as many as the size has.") var depth: Int?
    @Option(help: "The standard deviation of the weights.") var deviation: Float = 0.02

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try RandomViT(size: size, depth: depth, deviation: deviation).write(to: folder)
    }
}

/// The images that all measurements of `amp-bench` work on, for other programs.
struct MakeImages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "Writes the first of the random images into a safetensors file.")

    @Argument var count: Int
    @Argument var file: String

    func run() throws { try RandomImages(count: count).write(to: file) }
}
