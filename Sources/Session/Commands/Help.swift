import Language
import Report

/// `help`, `help search`, `help class token`, `help start`.
enum Help: Command {
    static let spec = CommandSpec(
        "help", "explain a command or a notion; 'help start' shows a first session",
        object: .optional(.words(.name(.command))),
        examples: [Example("help search"), Example("help class token"), Example("help start")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard let word = sentence.text else {
            for line in overview { context.say("  \(name: line.verbs.padded(to: 14))\(line.text)") }
            context.say("notions: \(Topic.all.map(\.name).joined(separator: ", "))")
            context.say(
                "\(faint: "help WORD explains one, help start shows a first session; Tab completes, Ctrl-D leaves")")
            return
        }
        if word == "start" {
            context.say(StyledText(start))
        } else if let page = Engine.help(on: word) {
            for output in page { context.show(output) }
        } else {
            let near = Suggestion.near(word, among: words)
            throw Diagnostic(
                "there is no help on '\(word)'", at: sentence.objectSpan,
                label: near.first.map { "did you mean '\($0)'?" }, hints: ["help (alone) lists commands and notions"])
        }
    }

    /// What help knows besides verbs.
    static var words: [String] { Engine.vocabulary.commands.map(\.verb) + ["start"] + Topic.all.map(\.name) }

    /// What to read about a command's method.
    fileprivate static let notions = [
        "load": ["hidden width", "gate", "class token"], "data": ["calibration"],
        "score": ["taylor importance", "entropy", "temperature", "batch"] + Topic.criteria.map(\.name),
        "search": ["bisection", "tolerance", "entropy"] + Topic.budgets.map(\.name),
        "prune": ["hidden width", "view", "compensation"],
        "distill": ["distillation"], "train": ["class token"],
        "evaluate": ["agreement", "entropy"], "compare": ["agreement"], "explain": ["taylor importance", "bisection"],
        "plot": ["entropy", "class token"],
    ]

    /// Every command in the order of work, short enough for one screen.
    static let overview: [(verbs: String, text: String)] = [
        ("load, use", "open a checkpoint; go back to one"),
        ("data", "list a folder of images, or an image file"),
        ("score", "rate every hidden neuron"),
        ("search", "find how narrow each layer can be"),
        ("prune", "apply the widths that the search found, and compensate"),
        ("distill, train", "learn from the original, or from labels"),
        ("create", "write a fresh model for 'train'"),
        ("evaluate", "measure the model as it is now"),
        ("compare", "put models side by side"),
        ("show, plot", "print or draw what the session knows"),
        ("explain", "walk through a computation with its real numbers"),
        ("save, export", "write a smaller checkpoint; write results and transcripts"),
        ("undo, redo", "take a sentence back, or do it again"),
        ("forget", "make room on the disk"),
        ("run", "run a script as one sentence"),
        ("let, param", "name a value; let the caller of a script choose it"),
        ("for", "run sentences for several values"),
        ("expect", "fail unless a measure is as expected"),
        ("set", "threads, memory, precision and the like"),
    ]

    private static let start = """
        A first session:

          load "examples/models/fashion-vit" as vit   a checkpoint: a folder or .safetensors
          data "examples/data/fashion" limit 1000     images to score and to judge on
          evaluate top1                               how good it is now
          score entropy t=5 batch=64                  rate every hidden neuron
          search all within 0.002                     how many can each layer lose?
          explain search layer 12                     how that was found, step by step
          prune                                       apply it (undo takes it back)
          evaluate agreement                          compared with the original
          plot similarity                             what the entropy sees, as a picture
          save "slim/"                                a smaller checkpoint, same format

        Words say what, key=value says how: score entropy t=15 batch=64.
        The session is kept in its file; 'export script to "x.amp"' makes a script of it,
        'export transcript to "x.html"' a page to show.
        """
}

extension Engine {
    /// The page on a verb or a notion; nil where there is none.
    package static func help(on word: String) -> [Output]? {
        guard let command = vocabulary[word] else { return Topic.named(word)?.page }
        let page = [Output.line(StyledText(command.page(width: 74)))]
        guard let notions = Help.notions[command.verb] else { return page }
        let words = notions.map { "help \($0)" }.joined(separator: ", ")
        return page + [.line("formulas and where they come from: \(words)")]
    }
}

extension String {
    /// With spaces at its end up to a length in characters.
    fileprivate func padded(to length: Int) -> String { self + String(repeating: " ", count: max(length - count, 1)) }
}

/// `quit`: leaves the program.
enum Quit: Command {
    static let spec = CommandSpec("quit", "leave; the session is kept in its file", abbreviable: false)

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard !context.isNested else { throw SessionError.onlyAtTop(verb: "quit") }
        context.quits = true
    }
}
