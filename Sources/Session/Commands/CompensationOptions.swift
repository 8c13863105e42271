import Language
import Pruning

/// What 'prune' and 'search' take about compensation.
enum CompensationOptions {
    static let specs = [
        OptionSpec(
            "compensate", .words("bias", "ls", "scale", "none"),
            "change output layers so that less is lost: their bias, all of them by least squares, or a factor a neuron",
            default: "none; of 'prune', as it was searched"),
        OptionSpec(
            "ridge", .number(.above(0, atMost: 1e6)), "of ls: what holds weights back, as a share of the mean variance",
            default: Language.Value(Compensation.defaultRidge).description),
        OptionSpec(
            "target", .words("block", "branch", "tokens"),
            "of ls: what to come close to: the same block whole, or the original's branch or tokens",
            default: Compensation.defaultTarget.rawValue),
    ]

    static let keys = Set(specs.map(\.key.text))

    /// What a sentence says about compensation; nil where it wants none.
    ///
    /// - Parameter standing: what holds where it says nothing.
    static func read(_ sentence: Sentence, standing: Compensation?) throws -> Compensation? {
        let detail = sentence.options.first { ["ridge", "target"].contains($0.key.content.text) }
        guard let word = sentence.option("compensate", as: String.self) else {
            if let detail {
                throw Diagnostic(
                    "'\(detail.key.content)' says how to compensate, and nothing says to do so", at: detail.key.span,
                    hints: ["\(sentence.verb) … compensate=ls \(detail.key.content)=…"])
            }
            return standing
        }
        let method: Compensation.Method? =
            switch word {
            case "ls": .leastSquares
            case "none": nil
            default: Compensation.Method(rawValue: word)
            }
        if method != .leastSquares, let detail {
            throw Diagnostic(
                "only least squares have a '\(detail.key.content)'", at: detail.key.span, hints: ["compensate=ls"])
        }
        return method.map {
            Compensation(
                $0, target: sentence.option("target", as: Compensation.Target.self),
                ridge: sentence.option("ridge", as: Double.self) ?? Compensation.defaultRidge)
        }
    }
}

extension Compensation.Method {
    /// As `compensate=` takes it.
    var word: String { self == .leastSquares ? "ls" : rawValue }

    /// As sentences say it.
    var title: String {
        switch self {
        case .bias: "bias"
        case .leastSquares: "least squares"
        case .scale: "scales"
        }
    }
}
