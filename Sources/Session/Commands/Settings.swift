import Language
import Report
import Tensor

/// `set memory 4GB`: changes how the session computes.
enum Settings: Command {
    enum Setting: String, CaseIterable { case threads, memory, precision }

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
                Choice(
                    Setting.precision.rawValue,
                    "what linear layers multiply: float32, or bfloat16 where a library for it is installed",
                    value: .word([
                        Choice(Precision.float32.rawValue, "as checkpoints are compared"),
                        Choice(Precision.bfloat16.rawValue, "faster where the processor has instructions for it"),
                    ])),
            ]),
        help: """
            Neither threads nor memory change a result by more than rounding: with less memory more is computed again, and \
            products go through the BLAS library once packed weights don't fit. What a score or a search will take is said \
            beside its result.

            In bfloat16 the operands of linear layers are rounded to 8 significant bits, their sums and everything else \
            stay float32. That moves results (docs/method.md says how far), so what was computed in one precision is \
            never taken for the other. oneDNN or a newer OpenBLAS does these products: the first that the system has.
            """,
        examples: [Example("set memory 4GB"), Example("set threads 2"), Example("set precision float32")])

    static func isAboutMachine(_ sentence: Sentence) -> Bool { true }

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        switch sentence.choice(as: Setting.self) {
        case .threads:
            guard let value = sentence.argument(as: Int.self) else { return }
            context.state.settings.threads = value
            Parallel.threads = value
            context.say("threads: \(count: value)", data: ["threads": .int(value)])
        case .memory:
            guard let value = sentence.argument(as: Int.self) else { return }
            context.state.settings.memory = value
            context.say("memory for weights and activations: \(bytes: value)", data: ["memory": .int(value)])
        case .precision:
            guard let value = sentence.text.flatMap(Precision.init(rawValue:)) else { return }
            try set(value, &context)
        case nil: return
        }
    }

    private static func set(_ precision: Precision, _ context: inout CommandContext) throws {
        let library = precision == .bfloat16 ? try Precision.bfloat16Library.name : nil
        context.state.settings.precision = precision.noted
        context.say(
            "precision: \(precision.rawValue)\(library.map { ", by \($0)" } ?? "")",
            data: ["precision": .string(precision.rawValue), "library": library.map { .string($0) } ?? .null])
        if library != nil, !Processor.multipliesBFloat16 {
            context.note(
                """
                this processor has no instructions for bfloat16: the library makes do with others, which is slower than \
                float32
                """, data: ["emulated": .bool(true)])
        }
    }
}
