import Foundation
import Language

extension Engine {
    /// What would fail for certain, found before the first sentence of a script runs: it must not cost an hour to learn of
    /// a missing word.
    package func foresee(_ sentences: [Sentence]) -> [Diagnostic] {
        sentences.flatMap { foresee($0, running: []) }
    }

    private func foresee(_ sentence: Sentence, running: [String]) -> [Diagnostic] {
        switch (sentence.verb, sentence.object) {
        case (_, .loop(let loop)): return loop.body.flatMap { foresee($0, running: running) }
        case (Export.spec.verb, _): return Export.missingDestination(sentence).map { [$0] } ?? []
        case (Run.spec.verb, _): return foresee(script: sentence, running: running)
        default: return []
        }
    }

    /// A script that another one runs, as far as it is there already.
    private func foresee(script sentence: Sentence, running: [String]) -> [Diagnostic] {
        guard let path = sentence.text, !path.isEmpty else { return [] }
        let absolute = absolutePath(path)
        guard !running.contains(absolute), let bytes = FileManager.default.contents(atPath: absolute) else { return [] }
        let source = Source(bytes: bytes, name: path)
        let script = Engine.vocabulary.check(source, known: variables, overrides: sentence.optionValues)
        if let first = script.diagnostics.first(where: { !$0.message.hasPrefix("there is no variable") }) {
            let error = SessionError.scriptInvalid(
                rendered: first.rendered(source: source), count: script.diagnostics.count)
            return [Problem.words(error).placed(at: sentence.objectSpan)]
        }
        let inner = script.sentences.flatMap { foresee($0, running: running + [absolute]) }
        return inner.map { cause in
            let place = source.position(of: (cause.span ?? sentence.span).start)
            return Diagnostic(
                cause.message, at: sentence.objectSpan, notes: ["in \(path), line \(place.line)"] + cause.notes,
                hints: cause.hints)
        }
    }
}
