import Language
import Pruning
import Tensor

extension Problem {
    static func words(_ error: PruningError, in state: SessionState) -> Diagnostic {
        switch error {
        case .tooFewImages(let needed, let found):
            Diagnostic(
                "a batch of \(needed) images can't be filled: there are \(found)",
                hints: found > 1 ? ["write: batch=\(found), or use more images"] : ["use more images"])
        case .noHead:
            Diagnostic(
                "the model has no classifier, which cross-entropy needs",
                hints: ["score entropy needs neither head nor labels"])
        case .noLabels:
            Diagnostic("the images have no labels, which cross-entropy needs", hints: ["score entropy needs none"])
        case .labelOutOfRange(let label, let classes):
            Diagnostic("label \(label) lies outside the model's \(classes) classes (0 to \(classes - 1))")
        case .nonFiniteScore(let layer, let neuron):
            Diagnostic(
                "the score of neuron \(neuron) in layer \(layer + 1) is not a number",
                notes: ["features or gradients grow beyond float32"], hints: ["try a smaller t"])
        case .memory(let needed, let limit):
            Diagnostic(
                "one batch needs \(bytes(needed)) of memory, the limit is \(bytes(limit))",
                hints: ["a smaller batch, or: set memory \(needed / 1_000_000_000 + 1)GB"])
        }
    }

    static func words(_ error: BFloat16Error) -> Diagnostic {
        switch error {
        case .noLibrary(let missing, let unsuited):
            Diagnostic(
                "nothing here multiplies bfloat16 matrices",
                notes: (unsuited.isEmpty
                    ? [] : ["\(unsuited.joined(separator: " and ")) can't on this processor"])
                    + (missing.isEmpty ? [] : ["not found: \(missing.joined(separator: ", "))"]),
                hints: [
                    (unsuited.isEmpty
                        ? "install oneDNN: apt-get install libdnnl2 on Debian 12, elsewhere 'apt search libdnnl'; or: "
                        : "go on with: ") + "set precision float32"
                ])
        }
    }

    static func words(_ error: StoreError) -> Diagnostic {
        switch error {
        case .notADatabase(let path):
            Diagnostic(
                "\"\(path)\" is not a session file", notes: ["it was left as it is"],
                hints: ["name another file, or move this one away"])
        case .notASession(let path, _):
            Diagnostic(
                "\"\(path)\" is a database of another program", notes: ["it was left as it is"],
                hints: ["name another file"])
        case .newerVersion(let path, let found, let supported):
            Diagnostic(
                "\"\(path)\" was written by a newer amp (format \(found), this one reads up to \(supported))",
                hints: ["use that version of amp"])
        case .corrupt(let path, let detail):
            Diagnostic(
                "the session file \"\(path)\" is damaged: \(detail)", hints: ["go on from a copy of it, or a new one"])
        case .inUse(let path, let process):
            Diagnostic(
                "the session \"\(path)\" is open in another amp" + (process.map { " (process \($0))" } ?? ""),
                hints: ["leave that one first, or name another session: amp other.ampdb"])
        case .isDirectory(let path): Diagnostic("\"\(path)\" is a folder, not a session file")
        case .noSuchFolder(let path): Diagnostic("the folder for \"\(path)\" does not exist", hints: ["make it first"])
        case .notWritable(let path, let detail):
            Diagnostic("the session \"\(path)\" can't be written: \(detail)", hints: ["name a session elsewhere"])
        case .diskFull(let path):
            Diagnostic(
                "the disk is full: this sentence could not be kept in \"\(path)\"",
                notes: ["the session is as it was before it"], hints: ["free some space and say it again"])
        case .tooLarge(let path, _): Diagnostic("a value is too large for the session file \"\(path)\"")
        case .notEncodable(let type, let detail): Diagnostic("a \(type) can't be written into the session: \(detail)")
        case .notDecodable(let path, let type, let detail):
            Diagnostic("a \(type) in \"\(path)\" can't be read: \(detail)")
        case .noSuchCell(let number): Diagnostic("there is no cell [\(number)]")
        case .noSuchState:
            Diagnostic("the session lacks a state it refers to", hints: ["go on from a copy of the file"])
        case .nothingToUndo(let asked, let available):
            Diagnostic(
                available == 0
                    ? "there is nothing to undo" : "only \(available) sentences can be undone, not \(asked)",
                hints: ["show history lists them"])
        case .nothingToRedo(let asked, let available):
            Diagnostic(
                available == 0
                    ? "there is nothing to redo" : "only \(available) sentences can be redone, not \(asked)")
        case .closed(let path): Diagnostic("the session \"\(path)\" is closed")
        case .database(let path, let code, let detail):
            Diagnostic("the session file \"\(path)\" can't be used: \(detail) (SQLite \(code))")
        }
    }
}
