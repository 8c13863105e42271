import Foundation
import Language
import Report
import Tensor

/// One command of the language: what it accepts, and what it does.
protocol Command: Sendable {
    static var spec: CommandSpec { get }
    /// Throws a `Diagnostic`, or an error of the engine's that `Problem` words.
    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws
    /// Whether the answer is about this machine or this session file, so that another machine's may well be different.
    static func isAboutMachine(_ sentence: Sentence) -> Bool
}

extension Command {
    static func isAboutMachine(_ sentence: Sentence) -> Bool { false }
}

/// What a running sentence sees and leaves behind.
struct CommandContext {
    let engine: Engine
    /// The session as the sentence is changing it. It is kept only if the whole sentence succeeds.
    var state: SessionState
    /// The cell the sentence is going to be.
    let cell: CellReference
    /// The sentence as the user wrote it, with the comments that lead to it; nil where nobody did.
    var typed: String?
    var outputs: [Output] = []
    /// Set by `undo` and `redo`.
    var history: StateChange<SessionState>?
    /// The caller's values for `param`s.
    var parameters: [String: Language.Value]
    /// What the journal holds, where that is not the sentence as it was written.
    var canonical: String?
    var quits = false
    var failsExpectation = false
    /// The sentence was stopped and yet came to something; a script ends after it.
    var stops = false
    /// What to write to go on after an interruption.
    var resume: Resume?
    /// How deep sentences run inside others.
    private(set) var depth = 0
    /// What the sentence reads and writes.
    let dependencies = DependencyLog()
    /// What the loop that is running has come to.
    var sweep: Sweep?
    /// The script files that are running, so that none runs itself.
    var scripts: [String] = []

    struct Resume {
        /// Where the work stopped: "layer 7 of 12".
        var reached: String
        var note: String
        var hint: String?
    }

    init(engine: Engine, state: SessionState, cell: CellReference) {
        self.engine = engine
        self.state = state
        self.cell = cell
        parameters = engine.parameters
    }

    var library: Library { engine.library }
    var store: SessionStore { engine.store }
    var revisions: RevisionFolder { engine.revisions }
    var isNested: Bool { depth > 1 }

    mutating func run(_ sentence: Sentence) throws {
        depth += 1
        defer { depth -= 1 }
        try monitor("").check()
        let substituted = try sentence.substituting(state.variableValues)
        try refuseEmptyPaths(substituted)
        guard let command = commands.first(where: { $0.spec.verb == sentence.verb }) else {
            throw Diagnostic("there is no command '\(sentence.verb)'", at: sentence.verbSpan)
        }
        try command.run(substituted, &self)
    }

    /// An empty path would name the folder amp was started in.
    private func refuseEmptyPaths(_ sentence: Sentence) throws {
        var arguments = [sentence.argument].compactMap { $0 }
        for clause in sentence.clauses {
            if case .values(let values) = clause.content { arguments += values }
        }
        arguments += sentence.options.map(\.argument)
        for argument in arguments {
            switch argument.type {
            case .path(let noun), .wordOrPath(_, let noun):
                guard argument.value != .string("") else {
                    throw Diagnostic("the path is empty", at: argument.span, label: "name \(noun)")
                }
            default: break
            }
        }
    }

    // MARK: Outputs

    mutating func say(_ text: StyledText, data: Fields = [:]) { outputs.append(.line(text, data: data)) }
    mutating func note(_ text: StyledText, data: Fields = [:]) { outputs.append(.note(text, data: data)) }
    mutating func warn(_ text: StyledText, hint: StyledText? = nil) { outputs.append(.warning(text, hint: hint)) }
    mutating func show(_ output: Output) { outputs.append(output) }

    /// What differs between two runs of the same script: times, and whether the cache had it.
    mutating func status(_ text: StyledText, data: Fields = [:]) { outputs.append(.status(text, data: data)) }

    // MARK: Long work

    /// Watches a piece of work under a label, and stops it when asked.
    func monitor(_ label: String) -> Monitor {
        let progress = engine.progress
        return Monitor(
            report: { done, total in progress(label, done, total) }, isCancelled: engine.isInterrupted)
    }
}
