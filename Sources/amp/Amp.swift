import ArgumentParser
import Foundation
import Language
import Report
import Session
import Tensor

/// The command line: `amp [SESSION] [-c SENTENCES]` and `amp run FILE`.
@main
struct Amp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp",
        abstract: "Makes vision transformers smaller by adaptive MLP pruning, at a prompt or from a script.",
        usage: """
            amp [SESSION]
            amp [SESSION] -c 'SENTENCES'
            amp run FILE [--session SESSION] [--set NAME=VALUE …]
            amp kernel install
            """,
        discussion: """
            Without arguments a notebook opens in session.ampdb, in this folder. Scripts, -c and sentences from standard \
            input use a session in memory unless one is named. 'help' and 'help start' say what there is to say; \
            'amp run --help' says how scripts are run.

            Exit codes: 0 all done, 1 a sentence failed, 2 an 'expect' was not met, 64 usage, 65 a sentence does not \
            read well (nothing ran), 130 interrupted.
            """,
        version: Engine.version)

    @ArgumentParser.Argument(help: "The session's file.", completion: .file(extensions: ["ampdb"]))
    var session: String?

    @ArgumentParser.Option(
        name: .customShort("c"), help: ArgumentHelp("Run these sentences and leave.", valueName: "sentences"))
    var sentences: String?

    @OptionGroup var output: OutputOptions

    static func main() {
        // Where nothing will be computed, starting once more would only cost time.
        if CommandLine.arguments.dropFirst() != ["--version"] { Kernels.adopt() }
        reuseFreeMemory()
        Interruption.install()
        MappedFileLoss.install()
        // A limit on file sizes is to be an error of the write, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        // ArgumentParser would take 'run' for the session's name, since both are the first word.
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "run": RunScript.main(Array(arguments.dropFirst()))
        case "kernel": KernelCommand.main(Array(arguments.dropFirst()))
        default: main(Array(arguments))
        }
    }

    func validate() throws {
        if let session, session.hasSuffix(".amp") {
            throw ValidationError("\(session) is a script: write amp run \(session)")
        }
        if let session, session.isEmpty { throw ValidationError("the session's name is empty") }
        // 'amp score' is a slip, not a wish for a session called score.
        if let session, Engine.vocabulary[session] != nil, access(session, F_OK) != 0 {
            throw ValidationError("\(session) is a command: write amp -c '\(session) …', or ./\(session) for a session")
        }
    }

    func run() throws {
        let printer = Printer(output)
        let isAtKeyboard = sentences == nil && isatty(STDIN_FILENO) == 1
        let engine = try openEngine(session ?? (isAtKeyboard ? "session.ampdb" : nil), printer)
        defer { try? engine.store.close() }
        let code: Int32
        if let sentences {
            code = Batch(engine: engine, printer: printer, echoes: false).run(Source(sentences))
        } else if isAtKeyboard {
            code = Notebook(engine: engine, printer: printer).run()
        } else {
            let bytes = FileHandle.standardInput.readDataToEndOfFile()
            code = Batch(engine: engine, printer: printer, echoes: true)
                .run(Source(bytes: bytes, name: "standard input"))
        }
        throw ExitCode(code)
    }
}

/// How answers are written.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write one JSON object a sentence, on one line each.")
    var json = false

    @Flag(help: "Write results only: no sentences, notes or times.")
    var quiet = false

    @ArgumentParser.Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color: Screen.ColourChoice = .auto
}

extension Screen.ColourChoice: ExpressibleByArgument {}

/// `amp run FILE`: a script, checked whole before it runs.
struct RunScript: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp run", abstract: "Runs a script.",
        discussion:
            "The script is checked whole before its first sentence runs. It uses a session in memory unless one is named."
    )

    @ArgumentParser.Argument(help: "The script.", completion: .file(extensions: ["amp"]))
    var file: String

    @ArgumentParser.Option(
        help: ArgumentHelp("The session's file.", valueName: "file"), completion: .file(extensions: ["ampdb"]))
    var session: String?

    @ArgumentParser.Option(
        name: .customLong("set"), help: ArgumentHelp("Give a 'param' of the script a value.", valueName: "name=value"))
    var parameters: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
        let printer = Printer(output)
        let values = try parameterValues()
        let script: Source
        do { script = try Engine.script(file) } catch {
            printer.say(error, in: nil)
            throw ExitCode(ExitStatus.usage)
        }
        let engine = try openEngine(session, printer)
        defer { try? engine.store.close() }
        engine.parameters = values
        throw ExitCode(Batch(engine: engine, printer: printer, echoes: true).run(script))
    }

    private func parameterValues() throws -> [String: Language.Value] {
        var values: [String: Language.Value] = [:]
        for parameter in parameters {
            let halves = parameter.split(separator: "=", maxSplits: 1).map(String.init)
            let sentence = halves.count == 2 ? "let \(halves[0]) = \(halves[1])" : ""
            let script = Engine.vocabulary.parse(Source(sentence))
            guard script.diagnostics.isEmpty, let value = script.sentences.first?.argument?.value else {
                throw ValidationError("--set \(parameter): write --set name=value, with the value as in a script")
            }
            values[halves[0]] = value
        }
        return values
    }
}

/// Opens the session, or says why not and ends.
private func openEngine(_ path: String?, _ printer: Printer) throws -> Engine {
    do {
        return try Engine.open(path: path)
    } catch {
        printer.say(error, in: nil)
        throw ExitCode(1)
    }
}
