import Language
import Report
import Tensor

/// `set memory 4GB`: changes how the session computes and shows; `set` alone lists the settings.
enum Settings: Command {
    enum Setting: String, CaseIterable { case threads, memory, precision, color, title, bell, graphics }

    static let spec = CommandSpec(
        "set", "change how the session computes and shows; alone: list the settings",
        object: .optional(.setting("which setting", Setting.allCases.map(\.choice))),
        help: """
            'set' alone lists every setting with its value and where that comes from: the session, the user's file, or amp. \
            What is set is kept in the session, and 'undo' takes it back.

            Neither threads nor memory change a result by more than rounding: with less memory more is computed again, and \
            products go through the BLAS library once packed weights don't fit. What a score or a search will take is said \
            beside its result.

            In bfloat16 the operands of linear layers are rounded to 8 significant bits, their sums and everything else \
            stay float32. That moves results (docs/method.md says how far), so what was computed in one precision is \
            never taken for the other. oneDNN or a newer OpenBLAS does these products: the first that the system has.

            The other settings change nothing that is computed. $XDG_CONFIG_HOME/amp/config.amp (~/.config/amp/config.amp \
            without that) holds the user's own: 'set' sentences and comments. Scripts take from it only how things are \
            shown, so that they give the same for everyone; 'set precision' has no place there at all.
            """,
        examples: [
            Example("set", "list them"), Example("set memory 4GB"), Example("set threads 2"),
            Example("set precision float32"), Example("set title no"),
        ])

    static func isAboutMachine(_ sentence: Sentence) -> Bool { true }

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard case .setting(let word, let argument) = sentence.object, let setting = Setting(rawValue: word.content)
        else { return list(&context) }
        if setting == .precision, let precision = argument.precision {
            return try set(precision, &context)
        }
        guard setting.put(argument, into: &context.state.settings) else { return }
        switch setting {
        case .threads:
            guard let threads = context.state.settings.threads else { return }
            Parallel.threads = threads
            context.say("threads: \(count: threads)", data: ["threads": .int(threads)])
        case .memory:
            guard let memory = context.state.settings.memory else { return }
            context.say("memory for weights and activations: \(bytes: memory)", data: ["memory": .int(memory)])
        case .precision, .color, .title, .bell, .graphics:
            context.say(
                "\(setting.rawValue): \(number: argument.value)",
                data: [setting.rawValue: .string("\(argument.value)")])
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

    /// Every setting, its value, and where that comes from.
    static func list(_ context: inout CommandContext) {
        let (session, defaults) = (context.state.settings, context.engine.defaults)
        let rows = Setting.allCases.map { setting -> [Table.Cell] in
            let (value, origin): (StyledText, String) =
                if let value = setting.value(in: session) {
                    (value, "session")
                } else if let value = setting.value(in: defaults) {
                    (value, "your file")
                } else {
                    (setting.standard, "standard")
                }
            return [
                Table.Cell("\(key: setting.rawValue)", value: .string(setting.rawValue)), Table.Cell(value),
                Table.Cell(StyledText(origin)), Table.Cell(StyledText(setting.summary)),
            ]
        }
        context.show(
            .table(
                Table(
                    columns: ["setting", "value", "from", "what it does"].map { Table.Column($0) }, rows: rows)))
    }
}

extension Settings.Setting {
    /// One line, short enough for a table.
    var summary: String {
        switch self {
        case .threads: "threads that compute"
        case .memory: "what weights and activations may take"
        case .precision: "what linear layers multiply"
        case .color: "whether answers are coloured"
        case .title: "window title tells of long work"
        case .bell: "rings after more than 10 s of work"
        case .graphics: "what figures are drawn with"
        }
    }

    fileprivate var choice: Choice {
        switch self {
        case .threads:
            Choice(rawValue, "\(summary); one a core unless set", value: .integer(.between(1, 4096)))
        case .memory:
            Choice(
                rawValue, "what weights in float32 and activations may take; half of the machine's unless set",
                value: .bytes(.atLeast(1_000_000)))
        case .precision:
            Choice(
                rawValue, "what linear layers multiply: float32, or bfloat16 where a library for it is installed",
                value: .word([
                    Choice(Precision.float32.rawValue, "as checkpoints are compared"),
                    Choice(Precision.bfloat16.rawValue, "faster where the processor has instructions for it"),
                ]))
        case .color:
            Choice(
                rawValue, "\(summary); --color goes before it",
                value: .word([
                    Choice(Presentation.Colour.auto.rawValue, "at a terminal, unless NO_COLOR is set"),
                    Choice(Presentation.Colour.always.rawValue), Choice(Presentation.Colour.never.rawValue),
                ]))
        case .title: Choice(rawValue, "whether the window's title says how far long work is", value: .boolean)
        case .bell: Choice(rawValue, "whether the end of work of more than 10 s is rung", value: .boolean)
        case .graphics:
            Choice(
                rawValue, summary,
                value: .word([
                    Choice(Presentation.Graphics.auto.rawValue, "what the terminal says it can show"),
                    Choice(Presentation.Graphics.kitty.rawValue, "the graphics protocol of kitty"),
                    Choice(Presentation.Graphics.sixel.rawValue),
                    Choice(Presentation.Graphics.text.rawValue, "block characters"),
                ]))
        }
    }

    /// What holds where nothing is set.
    fileprivate var standard: StyledText {
        let presentation = Presentation()
        return switch self {
        case .threads: "\(count: Parallel.cores) (one a core)"
        case .memory: "\(bytes: SessionState.halfOfMemory) (half)"
        case .precision: "\(Precision.float32.rawValue)"
        case .color: "\(presentation.color.rawValue)"
        case .title: presentation.title ? "yes" : "no"
        case .bell: presentation.bell ? "yes" : "no"
        case .graphics: "\(presentation.graphics.rawValue)"
        }
    }

    fileprivate func value(in settings: SessionState.Settings) -> StyledText? {
        func words(_ yes: Bool) -> StyledText { yes ? "yes" : "no" }
        return switch self {
        case .threads: settings.threads.map { "\(count: $0)" }
        case .memory: settings.memory.map { "\(bytes: $0)" }
        case .precision: settings.precision.map { "\($0.rawValue)" }
        case .color: settings.color.map { "\($0.rawValue)" }
        case .title: settings.title.map(words)
        case .bell: settings.bell.map(words)
        case .graphics: settings.graphics.map { "\($0.rawValue)" }
        }
    }

    /// - Returns: false where the value is none of the setting's, which the parser does not let pass.
    func put(_ argument: Argument, into settings: inout SessionState.Settings) -> Bool {
        let word = String(value: argument.value)
        switch self {
        case .threads: settings.threads = Int(value: argument.value)
        case .memory: settings.memory = Int(value: argument.value)
        case .precision: settings.precision = argument.precision?.noted
        case .color: settings.color = word.flatMap(Presentation.Colour.init(rawValue:))
        case .title: settings.title = Bool(value: argument.value)
        case .bell: settings.bell = Bool(value: argument.value)
        case .graphics: settings.graphics = word.flatMap(Presentation.Graphics.init(rawValue:))
        }
        return value(in: settings) != nil || self == .precision
    }
}

extension Argument {
    fileprivate var precision: Precision? { String(value: value).flatMap(Precision.init(rawValue:)) }
}
