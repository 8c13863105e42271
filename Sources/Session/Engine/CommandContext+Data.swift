import Foundation
import Images
import Language
import Models
import Report

/// A data set of the session, opened: its readable images by part.
struct OpenData {
    let name: String
    let entry: DataEntry
    let parts: [DataPart]

    func part(_ role: DataRole) -> DataPart? { parts.first { $0.role == role } }

    /// The images for a purpose: that part, or all where the set is not split.
    func images(for role: DataRole) throws -> DataPart {
        guard let part = part(role) ?? part(.all) else { throw SessionError.noPart(data: name, part: role.rawValue) }
        return part
    }

    var isSplit: Bool { parts.count > 1 }
}

extension CommandContext {
    /// The data a sentence runs on: `using NAME`, or the set in use.
    func data(for sentence: Sentence) throws -> OpenData {
        if let name = sentence.string("using") { return try data(named: name, at: sentence.span(of: "using")) }
        guard let name = state.currentData else { throw SessionError.noData(verb: sentence.verb) }
        return try data(named: name, at: nil)
    }

    func data(named name: String, at span: SourceSpan?) throws -> OpenData {
        guard let entry = state.dataSets[name] else {
            throw SessionError.unknownData(name, known: state.dataSets.keys.sorted(), at: span)
        }
        dependencies.note(.data, name: name, path: entry.path) { entry.fingerprint }
        let parts = try library.parts(of: entry) {
            let source = try DataSource.detect(path: entry.absolutePath, tensor: entry.tensor)
            let set = try DataSet.open(source, selection: entry.selection)
            if set.stamp != entry.stamp {
                // Copied or touched files are the same as long as their contents are.
                let monitor = monitor("comparing \(name)")
                let now = try set.fingerprint(checkCancelled: { try monitor.check() }, progress: monitor.progress)
                guard now == entry.fingerprint else {
                    throw SessionError.dataChanged(data: name, path: entry.absolutePath, cell: entry.cell)
                }
            }
            return set.parts.map { $0.excluding(Set(entry.broken[$0.role.rawValue] ?? [])) }
        }
        return OpenData(name: name, entry: entry, parts: parts)
    }

    /// Images prepared for a model.
    func images(_ part: DataPart, for model: OpenModel) throws -> PartImages {
        // What is prepared needs no rules, so a model without any can still see it.
        if part.isPrepared {
            let size = PixelSize(height: 1, width: 1)
            return PartImages(part: part, preprocessing: .defaults(size: size, channels: .rgb))
        }
        return PartImages(part: part, preprocessing: try model.preprocessing)
    }
}
