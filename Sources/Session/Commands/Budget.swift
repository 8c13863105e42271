import Language
import Models
import Report

/// How much of a model may be left: `to 60% params`.
struct Budget {
    enum Unit: String, CaseIterable {
        case params, flops, latency

        /// What there is less of.
        var noun: String {
            switch self {
            case .params: "parameters"
            case .flops: "operations"
            case .latency: "time"
            }
        }
    }

    /// Of the unpruned model, from 0 to 1.
    let share: Double
    let unit: Unit
    /// "60% params"
    let written: String
    private let model: OpenModel
    private let span: SourceSpan?
    private let whole: Double
    /// Seconds of a forward pass by width, where it is about them.
    private let latency: (([Int]) -> Double)?

    /// nil where the sentence has none.
    ///
    /// - Parameter latency: makes a table of times, where one is needed.
    init?(
        _ sentence: Sentence, of model: OpenModel, latency: () throws -> (([Int]) -> Double)
    ) throws {
        guard let share = sentence.value("to", as: Double.self),
            let unit = sentence.string("to", at: 1).flatMap(Unit.init)
        else { return nil }
        self.share = share
        self.unit = unit
        self.model = model
        written = "\(sentence.written("to") ?? "") \(unit.rawValue)"
        span = sentence.span(of: "to")
        let times = unit == .latency ? try latency() : nil
        self.latency = times
        whole = Self.amount(model.model.architecture.hiddenWidths, unit, model, times)
    }

    /// In parameters, operations or seconds.
    var limit: Double { share * whole }

    /// What a model of those hidden widths has or takes.
    func amount(_ widths: [Int]) -> Double { Self.amount(widths, unit, model, latency) }

    func fits(_ widths: [Int]) -> Bool { amount(widths) <= limit }

    /// The share of the whole that an amount is.
    func share(of amount: Double) -> Double { whole > 0 ? amount / whole : 0 }

    private static func amount(
        _ widths: [Int], _ unit: Unit, _ model: OpenModel, _ latency: (([Int]) -> Double)?
    ) -> Double {
        if let latency { return latency(widths) }
        let source = model.model.architecture.hiddenWidths
        let view = widths.indices.filter { widths[$0] < source[$0] }.reduce(model.everything) {
            $0.keeping(Array(0..<widths[$1]), of: $1)
        }
        let cost = model.cost(keeping: view)
        return Double(unit == .flops ? cost.flops : cost.parameters)
    }

    /// What is wrong with asking for more than there is.
    func reached(_ widths: [Int]) -> Diagnostic {
        Diagnostic(
            "'\(model.name)' is within \(written) already: \(NumberFormat.percent(share(of: amount(widths)))) are left",
            at: span, notes: ["layers that are planned or pruned count as they are"], hints: ["ask for less"])
    }

    /// - Parameters:
    ///   - least: the narrowest widths there can be.
    ///   - reason: how they come about: "with one neuron a layer".
    func unreachable(least: [Int], _ reason: String, hints: [String] = []) -> Diagnostic {
        Diagnostic(
            "'\(model.name)' can't be brought to \(NumberFormat.percent(share)) of its \(unit.noun)", at: span,
            notes: ["\(reason), \(NumberFormat.percent(share(of: amount(least)))) are left"], hints: hints)
    }
}
