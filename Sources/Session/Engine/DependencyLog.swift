/// A file that a sentence read or wrote, or a data set it read.
package struct Dependency: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// The weights of a checkpoint.
        case model
        /// The contents, labels and order of a data set.
        case data
        /// Any other file that was read: a configuration, a script, captions.
        case file
        case written
    }

    package var kind: Kind
    /// What the session calls a model or a data set.
    package var name: String?
    /// As it was written in the sentence.
    package var path: String
    /// Nil where the file was gone before it could be read again.
    package var sha256: String?
    /// Of what was written: what a second run writes.
    package var recurrence: Recurrence?

    package init(
        _ kind: Kind, name: String? = nil, path: String, sha256: String?, recurrence: Recurrence? = nil
    ) {
        self.kind = kind
        self.name = name
        self.path = path
        self.sha256 = sha256
        self.recurrence = recurrence
    }
}

/// What a second run of the same sentence writes into a file.
package enum Recurrence: String, Sendable, Hashable {
    /// The same bytes on every machine, such as weights that were cut out of others.
    case exact
    /// Computed figures, whose last digits differ from processor to processor.
    case figures
    /// Times of day, or durations.
    case dated
}

/// What the running sentence reads and writes, noted by whoever opens a file.
///
/// Hashes are computed when the log is read, and only then: a sentence that nobody records takes no longer.
final class DependencyLog {
    private struct Entry {
        let kind: Dependency.Kind
        let name: String?
        let path: String
        let recurrence: Recurrence?
        let hash: () throws -> String
    }

    private var entries: [Entry] = []

    /// A path that is noted once more, by a loop for instance, counts as it was the last time.
    func note(
        _ kind: Dependency.Kind, name: String? = nil, path: String, recurrence: Recurrence? = nil,
        hash: @escaping () throws -> String
    ) {
        let entry = Entry(kind: kind, name: name, path: path, recurrence: recurrence, hash: hash)
        if let place = entries.firstIndex(where: { $0.kind == kind && $0.name == name && $0.path == path }) {
            entries[place] = entry
        } else {
            entries.append(entry)
        }
    }

    var dependencies: [Dependency] {
        entries.map {
            Dependency($0.kind, name: $0.name, path: $0.path, sha256: try? $0.hash(), recurrence: $0.recurrence)
        }
    }
}
