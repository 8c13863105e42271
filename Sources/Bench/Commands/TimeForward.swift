import ArgumentParser
import Checkpoints
import Models
import Tensor

/// Images through the whole model to their features.
struct TimeForward: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "forward", abstract: "Times forward passes.")

    @Argument var folder: String
    @Option var batch = 16
    @Option(help: "Where to write the features, as raw float32.") var values: String?
    @Option(help: "What linear layers multiply.") var precision = Precision.float32
    @OptionGroup var repetitions: Repetitions

    func run() throws {
        repetitions.prepare()
        let subject = try Subject(folder, images: batch, precision: precision)
        var features: [Float] = []
        let times = try repetitions.time { features = try subject.transformer.run(subject.images).features.values }
        if let values { try writeValues(features, to: values) }
        Measurement(
            work: "forward", times: times,
            facts: [
                "model": .string(folder), "batch": .number(Double(batch)),
                "library": precision.library.map(JSON.string) ?? .null,
            ], images: batch, flops: subject.flopsPerImage * Double(batch)
        ).write()
    }
}
