import Language
import Report
import Tensor

/// `set memory 4GB`: changes how the session computes.
enum Settings: Command {
    enum Setting: String, CaseIterable { case threads, memory }

    static let spec = CommandSpec(
        "set", "change how the session computes",
        object: .setting(
            "which setting",
            [
                Choice(
                    Setting.threads.rawValue, "threads that compute; one a core unless set",
                    value: .integer(.between(1, 4096))),
                Choice(
                    Setting.memory.rawValue,
                    "what weights in float32 and activations may take; half of the machine's unless set",
                    value: .bytes(.atLeast(1_000_000))),
            ]),
        help: """
            No setting changes a result: with less memory more is computed again. What a score or a search will take is \
            said beside its result.
            """,
        examples: [Example("set memory 4GB"), Example("set threads 2")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard let setting = sentence.choice(as: Setting.self), let value = sentence.argument(as: Int.self) else {
            return
        }
        switch setting {
        case .threads:
            context.state.settings.threads = value
            Parallel.threads = value
            context.say("threads: \(count: value)", data: ["threads": .int(value)])
        case .memory:
            context.state.settings.memory = value
            context.say("memory for weights and activations: \(bytes: value)", data: ["memory": .int(value)])
        }
    }
}
