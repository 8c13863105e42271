import Foundation
import Language
import Report
import Tensor

/// `run "file.amp"`: runs a script as one sentence.
enum Run: Command {
    static let spec = CommandSpec(
        "run", "run a script as one sentence", object: .value(.path("a script")), openOptions: .any,
        help: """
            The script is checked whole before its first sentence runs. Options override its 'param's. If one of its \
            sentences fails, none of them happened.
            """,
        examples: [Example(#"run "sweep.amp" e=0.02"#)])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.text ?? ""
        let absolute = context.readingFile(path)
        guard !context.scripts.contains(absolute) else { throw SessionError.scriptRunsItself(path: path) }
        let source = try Engine.script(path, at: absolute)
        let overrides = sentence.optionValues
        let script = Engine.vocabulary.check(source, known: context.state.variableValues, overrides: overrides)
        if let first = script.diagnostics.first {
            throw SessionError.scriptInvalid(
                rendered: first.rendered(source: source), count: script.diagnostics.count)
        }
        if let unknown = overrides.keys.sorted().first(where: { !script.parameters.contains($0) }) {
            throw SessionError.unknownParameter(unknown, script: path, known: script.parameters)
        }
        let outer = context.parameters
        context.parameters = overrides
        context.scripts.append(absolute)
        defer {
            context.parameters = outer
            context.scripts.removeLast()
        }
        for inner in script.sentences {
            context.say("\(key: Param.effective(inner, context))")
            do { try context.run(inner) } catch let interrupted as Interrupted {
                throw interrupted
            } catch {
                // Its span points into the script, not into the sentence that runs it.
                let cause = Problem.diagnostic(error, in: context.state)
                let place = source.position(of: (cause.span ?? inner.span).start)
                throw Diagnostic(
                    cause.message, notes: cause.notes + ["in \(path), line \(place.line): \(inner.canonical)"],
                    hints: cause.hints)
            }
        }
    }
}
