import Foundation
import Language

/// The user's own settings: a file of `set` sentences, read before a session is opened.
package struct UserSettings {
    /// What the file sets, as far as it can be read.
    package private(set) var settings = SessionState.Settings()
    /// What is wrong with the file, and its text to point into.
    package private(set) var problem: (diagnostic: Diagnostic, source: Source)?

    /// `$XDG_CONFIG_HOME/amp/config.amp`, or `~/.config/amp/config.amp`; nil without a home.
    package static var path: String? {
        func directory(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let folder = directory("XDG_CONFIG_HOME") ?? directory("HOME").map { $0 + "/.config" }
        return folder.map { $0 + "/amp/config.amp" }
    }

    /// Reads a file. One that is not there sets nothing; of one with errors the good sentences count.
    package init(path: String) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let source: Source
        do { source = try Engine.script(path) } catch {
            problem = (
                Diagnostic(error.message.replacing("the script", with: "your settings")), Source("", name: path)
            )
            return
        }
        let script = Engine.vocabulary.check(source)
        var problems = script.diagnostics
        for sentence in script.sentences {
            guard case .setting(let word, let argument) = sentence.object,
                let setting = Settings.Setting(rawValue: word.content)
            else {
                problems.append(Diagnostic("this file holds 'set' sentences only", at: sentence.span))
                continue
            }
            guard setting != .precision else {
                problems.append(
                    Diagnostic(
                        "'precision' changes results, so each session has its own", at: sentence.span,
                        hints: ["say it in the session: \(sentence.canonical)"]))
                continue
            }
            _ = setting.put(argument, into: &settings)
        }
        guard let first = problems.min(by: { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }) else { return }
        let more = problems.count - 1
        problem = (first.noting(more > 0 ? ["and \(more) more; the rest of the file counts"] : []), source)
    }
}
