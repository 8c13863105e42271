import ArgumentParser
import Foundation
import Language
import Session

/// `amp run FILE`: a script, checked whole before it runs.
struct RunScript: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", _superCommandName: "amp", abstract: "Runs a script.",
        usage: "amp run FILE [--session SESSION] [--set NAME=VALUE …] [--record RECORD] [--keep-going]",
        discussion: """
            The script is checked whole before its first sentence runs. It uses a session in memory unless one is named.

            With --record, what every sentence read, wrote and gave is written into a file, which 'amp verify' compares \
            another run with.

            \(ExitStatus.description) With --keep-going: 1 where any sentence failed, else 2 where any 'expect' was not met.
            """)

    @ArgumentParser.Argument(help: "The script.", completion: .file(extensions: ["amp"]))
    var file: String

    @ArgumentParser.Option(
        help: ArgumentHelp("The session's file.", valueName: "file"), completion: .file(extensions: ["ampdb"]))
    var session: String?

    @ArgumentParser.Option(
        name: .customLong("set"), help: ArgumentHelp("Give a 'param' of the script a value.", valueName: "name=value"))
    var parameters: [String] = []

    @ArgumentParser.Option(
        help: ArgumentHelp("Write what the run depended on and gave into this file.", valueName: "file"),
        completion: .file(extensions: ["amplock"]))
    var record: String?

    @Flag(help: "Overwrite the record that is there.")
    var replace = false

    @Flag(help: "Go on after a sentence that failed or an 'expect' that was not met; say at the end which.")
    var keepGoing = false

    @ArgumentParser.Option(
        help: ArgumentHelp("Threads that compute, unless the script sets them; one a core.", valueName: "count"))
    var threads: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let threads, !(1...4096).contains(threads) { throw ValidationError("--threads is a count from 1 to 4096") }
        if record != nil, session != nil {
            throw ValidationError(
                "--record needs a session of its own: what a session holds already would not be recorded")
        }
        if replace, record == nil { throw ValidationError("--replace belongs to --record") }
    }

    func run() throws {
        var printer = Printer(output)
        let script = try Engine.scriptOrExit(file, printer)
        let values = try ScriptParameters(parameters, of: script).values
        let target = try recordFile(printer)
        let engine = try Engine.orExit(session, printer)
        defer { try? engine.store.close() }
        printer.follow(engine.presentation)
        if let threads { engine.defaults.threads = threads }
        engine.parameters = values
        engine.notesDependencies = target != nil
        var run = RunRecord(
            script: RunRecord.Script(
                name: (file as NSString).lastPathComponent, source: script, parameters: values, keepsGoing: keepGoing))
        var batch = Batch(engine: engine, printer: printer, echoes: true, keepsGoing: keepGoing)
        let (code, isComplete) = batch.run(script) { sentence, answer in
            if target != nil { run.add(sentence, answer) }
        }
        run.isComplete = isComplete
        if let target {
            // What was stopped says nothing about what the script gives.
            if code == ExitStatus.done || code == ExitStatus.failed || code == ExitStatus.unmet {
                try write(run, to: target, printer)
            } else {
                if printer.tellsMore { printer.remark("nothing was recorded") }
            }
        }
        throw ExitCode(code)
    }

    /// Opened before the first sentence runs: what can't be kept need not be computed.
    private func recordFile(_ printer: Printer) throws -> RecordFile? {
        guard let record else { return nil }
        do { return try RecordFile(path: record, replaces: replace) } catch {
            printer.say(error, in: nil)
            throw ExitCode(ExitStatus.failed)
        }
    }

    private func write(_ run: RunRecord, to file: RecordFile, _ printer: Printer) throws {
        do { try file.write(run) } catch {
            printer.say(error, in: nil)
            throw ExitCode(ExitStatus.failed)
        }
        if printer.tellsMore {
            printer.remark("\(count: run.sentences.count) sentences recorded in \(strong: record ?? "")")
        }
    }
}
