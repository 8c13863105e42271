import ArgumentParser
import Checkpoints
import Pruning
import Tensor

/// AMP's entropy scores of all layers.
struct TimeScore: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "score", abstract: "Times scoring by entropy.")

    @Argument var folder: String
    @Option var images = 64
    @Option var batch = 32
    @Option(help: "t = 1/τ.") var temperature = 20.0
    @Option(help: "Bytes that activations may take.") var memory = 8 << 30
    @Option(help: "Where to write the scores of all layers, as raw float32.") var values: String?
    @Option(help: "What linear layers multiply.") var precision = Precision.float32
    @OptionGroup var repetitions: Repetitions

    func run() throws {
        repetitions.prepare()
        let subject = try Subject(folder, images: images, precision: precision)
        let scorer = TaylorScorer(
            transformer: subject.transformer, loss: .entropy(temperature: temperature), batch: batch,
            layers: Set(0..<subject.depth), memoryLimit: memory)
        var scores = Scores(layers: [])
        let times = try repetitions.time { scores = try scorer.score(subject.images) }
        if let values {
            try writeValues(scores.layers.flatMap { $0?.ranking.map(Float.init) ?? [] }, to: values)
        }
        let activations = try scorer.memory(for: subject.images.shape, inputs: images)
        Measurement(
            work: "score", times: times,
            facts: [
                "model": .string(folder), "batch": .number(Double(batch)), "loss": .number(scores.loss ?? .nan),
                "activation_bytes": .number(Double(activations)), "memory_limit": .number(Double(memory)),
                "library": precision.library.map(JSON.string) ?? .null,
            ], images: images, flops: nil
        ).write()
    }
}
