import Pruning
import Report

/// What a sequential search decided from some of the batches, over some layers.
struct SequentialSummary {
    /// Validation batches there are.
    private let batches: Int
    private let tries: Int
    /// How many batches decided about each try that did not run on all.
    private let early: [Int]
    /// Counted from 1.
    private let repeated: [Int]

    /// nil where none of the layers was searched that way.
    init?(_ plans: [LayerPlan]) {
        let plans = plans.filter { $0.sequential != nil }
        guard let batches = plans.compactMap({ $0.sequential?.batches }).max() else { return nil }
        self.batches = batches
        tries = plans.reduce(0) { $0 + $1.tries.count }
        early = plans.flatMap(\.tries).compactMap(\.batches)
        repeated = plans.filter { $0.sequential?.isRepeated == true }.map { $0.layer + 1 }
    }

    func text(confidence: Double) -> StyledText {
        var text: StyledText = "sequential, confidence \(number: confidence): "
        guard let least = early.min(), let most = early.max() else {
            return text + "none of \(count: tries) tries could be decided from fewer than all \(count: batches) batches"
        }
        text += "\(count: early.count) of \(count: tries) tries decided from "
        text += least == most ? "\(count: least)" : "\(count: least) to \(count: most)"
        text += " of \(count: batches) batches; every width found is confirmed on all"
        if !repeated.isEmpty {
            let names = repeated.map(String.init).joined(separator: ", ")
            text += " (layer \(names) after a repeat with every try on all)"
        }
        return text
    }

    func fields(confidence: Double) -> Fields {
        [
            "confidence": .double(confidence), "batches": .int(batches), "tries": .int(tries),
            "tries_sequential": .int(early.count), "confirmed": .bool(true),
            "repeated_layers": Report.Value(repeated),
        ]
    }
}
