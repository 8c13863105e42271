import Foundation
import Language
import Report
import Tensor

/// The notebook's engine: runs sentences against a session, one transaction each, and never prints.
///
/// Everything a sentence changes is a value, `SessionState`; it is written into the session file together with the
/// sentence's journal cell, or not at all.
package final class Engine {
    package static let version = "0.1.0"
    package static let vocabulary = Vocabulary(commands.map { $0.spec })

    package let store: SessionStore
    package private(set) var state: SessionState
    /// The caller's values for `param`s.
    package var parameters: [String: Language.Value] = [:]
    /// Told how far long work is, from any thread.
    package var progress: @Sendable (_ label: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    /// Told once, from any thread, how long a piece of work will take and what memory, as soon as that is known.
    package var foretell: @Sendable (WorkForecast) -> Void = { _ in }
    /// Asked between pieces of work; true stops the running sentence.
    package var isInterrupted: @Sendable () -> Bool = { false }
    /// What holds where the session says nothing: the user's own settings.
    package var defaults = SessionState.Settings() { didSet { apply(state.settings) } }
    /// Where files are written instead of their own places, by a run that must change nothing.
    package var scratch: ScratchFolder?
    /// Whether answers say what their sentences read and wrote.
    package var notesDependencies = false
    let library = Library()
    let revisions: RevisionFolder

    package init(store: SessionStore) throws {
        self.store = store
        revisions = RevisionFolder(session: store.path)
        state = try store.head.map { try store.state($0, as: SessionState.self) } ?? SessionState()
        apply(state.settings)
    }

    /// The number of the next cell.
    package var nextCell: Int { ((try? store.cellCount) ?? 0) + 1 }

    /// What came of a sentence.
    package struct Answer {
        /// As it was journalled; nil where the journal could not be written.
        package let number: Int?
        package let sentence: String
        package let status: CellStatus
        package let outputs: [Output]
        package let diagnostic: Diagnostic?
        package let seconds: Double
        /// The sentence asks to leave.
        package let quits: Bool
        /// An `expect` was not met.
        package let failsExpectation: Bool
        /// It was stopped and kept what it had come to.
        package let wasStopped: Bool
        /// What the sentence read and wrote, where the engine was told to note that.
        package let dependencies: [Dependency]
    }

    /// Runs one parsed sentence.
    ///
    /// - Parameters:
    ///   - typed: as the user wrote it, with the comments that lead to it.
    ///   - source: where its spans point, for nested scripts.
    package func run(_ sentence: Sentence, typed: String? = nil) -> Answer {
        let started = Date()
        var canonical = sentence.canonical
        let number = nextCell
        var context = CommandContext(
            engine: self, state: state, cell: CellReference(number: number, verb: sentence.verb))
        context.typed = typed
        var status = CellStatus.ok
        var diagnostic: Diagnostic?
        do {
            try context.run(sentence)
        } catch is Interrupted {
            status = .interrupted
            diagnostic = Problem.interrupted(sentence: canonical, cell: number, resume: context.resume)
        } catch {
            status = .failed
            diagnostic = Problem.diagnostic(error, in: context.state)
        }
        canonical = context.canonical ?? canonical
        let seconds = Date().timeIntervalSince(started)
        let cell = NewCell(
            sentence: canonical, typed: typed ?? canonical, status: status, outputs: context.outputs,
            error: diagnostic?.rendered(source: nil), started: started, seconds: seconds)
        var written: Int?
        if !(context.quits || canonical.isEmpty) {
            do {
                // Sentences that only look leave no step to undo.
                let unchanged = context.state == state
                let change: StateChange<SessionState> = context.history ?? (unchanged ? .none : .to(context.state))
                written = try store.commit(cell, status == .ok ? change : .none).number
                if status == .ok {
                    state = try store.head.map { try store.state($0, as: SessionState.self) } ?? SessionState()
                    apply(state.settings)
                }
            } catch {
                status = .failed
                diagnostic = diagnostic ?? Problem.diagnostic(error, in: state)
            }
        }
        return Answer(
            number: written, sentence: canonical, status: status, outputs: context.outputs, diagnostic: diagnostic,
            seconds: seconds, quits: context.quits, failsExpectation: context.failsExpectation,
            wasStopped: context.stops,
            dependencies: notesDependencies ? context.dependencies.dependencies : [])
    }

    /// The names that completion may offer.
    package var names: CompletionNames {
        CompletionNames([
            .model: state.models.keys.sorted(), .data: state.dataSets.keys.sorted(),
            .variable: state.variables.keys.sorted(),
            .command: ["start"] + Topic.all.map(\.name),
            .named: (state.models.keys.sorted() + state.dataSets.keys.sorted()),
        ])
    }

    /// The variables' values.
    package var variables: [String: Language.Value] { state.variableValues }

    /// A value as a script writes it, such as `1%`; nil where it can't be read.
    package static func value(_ text: String, named name: String = "x") -> Language.Value? {
        let script = vocabulary.parse(Source("let \(name) = \(text)"))
        guard script.diagnostics.isEmpty, script.sentences.count == 1 else { return nil }
        return script.sentences[0].argument?.value
    }

    /// How answers are shown, by the session's settings and the user's.
    package var presentation: Presentation { Presentation(state.settings, defaults) }

    private func apply(_ settings: SessionState.Settings) {
        Parallel.threads =
            settings.threads ?? defaults.threads ?? ProcessInfo.processInfo.activeProcessorCount
    }
}

extension NameKind {
    package static let model = NameKind("model")
    package static let data = NameKind("data set")
    /// A model or a data set.
    package static let named = NameKind("model or data set")
}

extension SessionState {
    /// Variables read back from how they are written.
    var variableValues: [String: Language.Value] {
        variables.compactMapValues { Engine.value($0) }
    }

    /// Bytes that kept activations may take, unless the user's settings say otherwise.
    var memoryLimit: Int { settings.memory ?? SessionState.halfOfMemory }

    static let halfOfMemory = Int(ProcessInfo.processInfo.physicalMemory / 2)
}
