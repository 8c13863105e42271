import ArgumentParser
import Checkpoints
import Pruning

/// The search of all layers, by amp's own way or by the plain algorithm.
struct TimeSearch: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "search", abstract: "Times searches of all layers.")

    enum Method: String, ExpressibleByArgument {
        case adaptive, plain
    }

    @Argument var folder: String
    @Option(help: "adaptive or plain: a full forward pass for every try.") var method = Method.adaptive
    @Option var images = 64
    @Option var batch = 32
    @Option(help: "t = 1/τ.") var temperature = 20.0
    @Option(help: "The entropy increase that a layer may cost, in nats.") var tolerance = 0.01
    @Option(help: "Sizes tried in each layer.") var steps = 6
    @Option(help: "Bytes that kept work may take.") var memory = 8 << 30
    @Option(help: "Where to write each layer's neurons by descending importance, as raw float32.") var values: String?
    @Option(help: "Takes that order from such a file instead of scoring first.") var order: String?
    @OptionGroup var repetitions: Repetitions

    func run() throws {
        repetitions.prepare()
        let subject = try Subject(folder, images: images)
        let order =
            try self.order.map { try readOrder(from: $0, widths: subject.model.architecture.hiddenWidths) }
            ?? subject.order(batch: batch, temperature: temperature, memory: memory)
        if let values { try writeValues(order.flatMap { $0.map(Float.init) }, to: values) }
        let bisection = Bisection(steps: steps, tolerance: tolerance)
        let measure = ValidationEntropy(temperature: temperature, batch: batch)
        var decisions: [SearchDecision] = []
        var spending: SearchSpending?
        let times = try repetitions.time(warmsUp: false) {
            switch method {
            case .adaptive:
                let search = AdaptiveSearch(
                    bisection: bisection, measure: measure, layers: Array(order.indices), memoryLimit: memory)
                decisions = try search.run(
                    subject.transformer, images: subject.images, order: { layer, _ in order[layer] },
                    spent: { spending = $0 }
                )
                .map { SearchDecision($0) }
            case .plain:
                let search = PlainSearch(bisection: bisection, measure: measure)
                decisions = try search.run(subject.transformer, images: subject.images, order: order)
            }
        }
        Measurement(
            work: "search", times: times,
            facts: [
                "model": .string(folder), "batch": .number(Double(batch)), "method": .string(method.rawValue),
                "tolerance": .number(tolerance), "decisions": .array(decisions.map(\.json)),
                "plain_gflop": .number(
                    spending.map { Double($0.plain) / 1e9 }
                        ?? subject.flopsPerImage * Double(images * decisions.reduce(1) { $0 + $1.tries.count }) / 1e9),
            ], images: images, flops: spending.map { Double($0.spent) }
        ).write()
    }
}

/// Each layer's neurons as `--values` has written them.
private func readOrder(from path: String, widths: [Int]) throws -> [[Int]] {
    let values = try readValues(from: path)
    guard values.count == widths.reduce(0, +) else {
        throw ValidationError("\(path) has \(values.count) neurons, the model \(widths.reduce(0, +))")
    }
    var rest = values[...]
    return widths.map { width in
        defer { rest = rest.dropFirst(width) }
        return rest.prefix(width).map { Int($0) }
    }
}

extension Subject {
    /// Each layer's neurons by descending importance: those of the entropy scores on the same images.
    func order(batch: Int, temperature: Double, memory: Int) throws -> [[Int]] {
        let scorer = TaylorScorer(
            transformer: transformer, loss: .entropy(temperature: temperature), batch: batch, layers: Set(0..<depth),
            memoryLimit: memory)
        return try scorer.score(images).layers.map { $0?.order() ?? [] }
    }
}
