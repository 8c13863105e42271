import Foundation
import Language
import Models
import Report
import Tensor

extension CommandContext {
    /// What the session's results depend on: program, models, images, settings and machine.
    ///
    /// - Parameter includesTimes: whether it has what differs between two runs, on this machine or another.
    func provenance(includesTimes: Bool) throws -> [Transcript.Detail] {
        var details = [Transcript.Detail("amp", try versions)]
        if includesTimes {
            details.append(
                Transcript.Detail(
                    "session",
                    "\(store.path ?? "in memory"), made \(try store.created.formatted(.iso8601)); times are in UTC"))
        }
        for (name, entry) in state.models.sorted(by: { $0.key < $1.key }) {
            details.append(Transcript.Detail("model \(name)", "\(entry.path), \(hash(of: name, entry))"))
        }
        for (name, entry) in state.dataSets.sorted(by: { $0.key < $1.key }) {
            details.append(
                Transcript.Detail(
                    "data \(name)", "\(entry.path)\(counts(of: name)), SHA-256 \(entry.fingerprint)"))
        }
        details.append(Transcript.Detail("precision", state.precision.rawValue))
        if includesTimes {
            details += [
                Transcript.Detail("processor", Processor.name), Transcript.Detail("products", BLAS.description),
                Transcript.Detail("threads", String(Parallel.threads)),
            ]
        }
        return details
    }

    /// The version that writes, and those that ran the cells where they are others.
    private var versions: String {
        get throws {
            var earlier: [String] = []
            var next = 1
            while let last = try store.cells(from: next, limit: 500).last.map(\.number) {
                for cell in try store.cells(from: next, limit: 500)
                where cell.engineVersion != Engine.version && !earlier.contains(cell.engineVersion) {
                    earlier.append(cell.engineVersion)
                }
                next = last + 1
            }
            let others = earlier.isEmpty ? "" : "; some cells ran on \(earlier.joined(separator: ", "))"
            return Engine.version + others
        }
    }

    /// Of the checkpoint as it was when it was loaded; a document is written even if it is gone by now.
    private func hash(of name: String, _ entry: ModelEntry) -> String {
        let found = entry.source.hash ?? (try? model(named: name, at: nil).hash.value)
        return found.map { "SHA-256 \($0)" } ?? "no longer there as it was"
    }

    private func counts(of name: String) -> String {
        guard let data = try? data(named: name, at: nil) else { return " (no longer there as it was)" }
        let counts = data.parts.map { part -> String in
            switch part.role {
            case .calibration: "\(NumberFormat.count(part.count)) for calibration"
            case .validation: "\(NumberFormat.count(part.count)) for validation"
            case .all: "\(NumberFormat.count(part.count)) in all"
            }
        }
        return ", " + counts.joined(separator: ", ")
    }
}
