import ArgumentParser
import Language
import Session

/// The values of `--set name=value` for the `param`s of a script.
struct ScriptParameters {
    private(set) var values: [String: Value] = [:]

    /// Values are written as in a script; where the script's own value is a text, quotes may be left out.
    ///
    /// - Throws: `ValidationError` where one can't be read.
    init(_ settings: [String], of script: Source) throws {
        let texts = Set(
            Engine.vocabulary.parse(script).sentences.compactMap { sentence -> String? in
                guard case .assignment(let assignment) = sentence.object, assignment.overridable,
                    case .string = assignment.argument.value
                else { return nil }
                return assignment.name.content
            })
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
                throw ValidationError("--set \(setting): write --set name=value")
            }
            let name = String(setting[..<equals])
            let text = String(setting[setting.index(after: equals)...])
            if let value = Engine.value(text, named: name), !texts.contains(name) || value.isText {
                values[name] = value
            } else if texts.contains(name) {
                values[name] = .string(text)
            } else {
                throw ValidationError(
                    "--set \(setting): write the value as in a script; text in quotes, which the shell leaves alone in "
                        + "others: --set \(name)='\"…\"'")
            }
        }
    }
}

extension Value {
    fileprivate var isText: Bool { if case .string = self { true } else { false } }
}
