import ArgumentParser
import Foundation
import Language
import Report
import Session
import Tensor

/// The command line: `amp [SESSION] [-c SENTENCES]`, or a word that says what else to do.
@main
struct Amp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amp",
        abstract: "Makes vision transformers smaller by adaptive MLP pruning, at a prompt or from a script.",
        usage: (["amp [SESSION]", "amp [SESSION] -c 'SENTENCES'"] + words.compactMap { $0.configuration.usage })
            .joined(separator: "\n"),
        discussion: """
            Without arguments a notebook opens in session.ampdb, in this folder. Scripts, -c and sentences from standard \
            input use a session in memory unless one is named. 'help' and 'help start' say what there is to say.

            \(ExitStatus.description)
            """,
        version: Engine.version, subcommands: words)

    /// What the first word may be, beside a session's name.
    private static let words: [any ParsableCommand.Type] = [RunScript.self, Verify.self, KernelCommand.self]

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
        var arguments = Array(CommandLine.arguments.dropFirst())
        if let place = placeOfFirstWord(arguments), let word = word(named: arguments[place]) {
            arguments.remove(at: place)
            word.main(arguments)
        } else if arguments.first == "help", let word = arguments.dropFirst().first.flatMap(word) {
            word.main(["--help"])
        } else {
            main(arguments)
        }
    }

    private static func word(named name: String) -> (any ParsableCommand.Type)? {
        words.first { $0.configuration.commandName == name }
    }

    /// Options may stand before the word: `amp --quiet run FILE`.
    private static func placeOfFirstWord(_ arguments: [String]) -> Int? {
        var place = 0
        while place < arguments.count, arguments[place].hasPrefix("-") {
            if ["-c", "--"].contains(arguments[place]) { return nil }
            place += arguments[place] == "--color" ? 2 : 1
        }
        return place < arguments.count ? place : nil
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
        var printer = Printer(output)
        let isAtKeyboard = sentences == nil && isatty(STDIN_FILENO) == 1
        let engine = try Engine.orExit(
            session ?? (isAtKeyboard ? "session.ampdb" : nil), printer, takesAllSettings: isAtKeyboard)
        printer.follow(engine.presentation)
        defer { try? engine.store.close() }
        let code: Int32
        if let sentences {
            var batch = Batch(engine: engine, printer: printer, echoes: false)
            code = batch.run(Source(sentences)).code
        } else if isAtKeyboard {
            var notebook = Notebook(engine: engine, printer: printer)
            code = notebook.run()
        } else {
            let bytes = FileHandle.standardInput.readDataToEndOfFile()
            var batch = Batch(engine: engine, printer: printer, echoes: true)
            code = batch.run(Source(bytes: bytes, name: "standard input")).code
        }
        throw ExitCode(code)
    }
}

extension Engine {
    /// Opens the session, with the settings of the user, or says why not and ends.
    ///
    /// - Parameter takesAllSettings: at the keyboard. What scripts compute depends on nothing that they don't say.
    static func orExit(_ path: String?, _ printer: Printer, takesAllSettings: Bool = false) throws -> Engine {
        let engine: Engine
        do { engine = try Engine.open(path: path) } catch {
            printer.say(error, in: nil)
            throw ExitCode(ExitStatus.failed)
        }
        guard let file = UserSettings.path else { return engine }
        let user = UserSettings(path: file)
        if let (diagnostic, source) = user.problem { printer.warn(diagnostic, in: source) }
        engine.defaults = takesAllSettings ? user.settings : user.settings.presentation
        return engine
    }

    /// The text of a script, or says why it can't be read and ends.
    static func scriptOrExit(_ path: String, _ printer: Printer) throws -> Source {
        do { return try Engine.script(path) } catch {
            printer.say(error, in: nil)
            throw ExitCode(ExitStatus.usage)
        }
    }
}
