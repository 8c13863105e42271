import Language
import Report

/// `help`, `help search`, `help start`.
enum Help: Command {
    static let spec = CommandSpec(
        "help", "explain a command; 'help start' shows a first session", object: .optional(.value(.name(.command))),
        examples: [Example("help search"), Example("help start")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let vocabulary = Engine.vocabulary
        guard let word = sentence.text else {
            context.say(StyledText(vocabulary.overview(width: 74)))
            context.say(
                "\(faint: "help VERB explains one, help start shows a first session; Tab completes, Ctrl-D leaves")")
            return
        }
        if word == "start" {
            context.say(StyledText(start))
            return
        }
        guard let command = vocabulary[word] else {
            let near = Suggestion.near(word, among: vocabulary.commands.map(\.verb) + ["start"])
            throw Diagnostic(
                "there is no help on '\(word)'", at: sentence.objectSpan,
                label: near.first.map { "did you mean '\($0)'?" }, hints: ["help (alone) lists the commands"])
        }
        context.say(StyledText(command.page(width: 74)))
    }

    private static let start = """
        A first session:

          load "examples/models/fashion-vit" as vit   a checkpoint: a folder or .safetensors
          data "examples/data/fashion" limit 1000     images to score and to judge on
          evaluate top1                               how good it is now
          score entropy t=5 batch=64                  rate every hidden neuron
          search all within 0.002                     how many can each layer lose?
          show plan                                   what was tried, and why
          prune                                       apply it (undo takes it back)
          evaluate top1
          evaluate agreement                          compared with the original
          save "slim/"                                a smaller checkpoint, same format

        Words say what, key=value says how: score entropy t=15 batch=64.
        The session is kept in its file; 'export script to "x.amp"' makes a script of it.
        """
}

/// `quit`: leaves the program.
enum Quit: Command {
    static let spec = CommandSpec("quit", "leave; the session is kept in its file", abbreviable: false)

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard !context.isNested else { throw SessionError.onlyAtTop(verb: "quit") }
        context.quits = true
    }
}
