import ArgumentParser
import Foundation
import Language
import Report
import Session

/// `amp verify FILE --against RECORD`: runs a recorded script again and compares what it gives.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", _superCommandName: "amp",
        abstract: "Runs a recorded script again and compares what it gives.",
        usage: "amp verify FILE --against RECORD [--tolerance SHARE] [--threads COUNT]",
        discussion: """
            RECORD is what 'amp run FILE --record RECORD' wrote. The script runs with the same values of its params, in a \
            session in memory. What it writes goes to a temporary folder, so that no file changes.

            Each sentence is identical (every value the same to the last bit), within tolerance (only computed figures \
            differ, by no more than --tolerance of their size), or different (what is different first is said). Counts, \
            widths and verdicts have to be equal. On the same machine with as many threads all of it is identical. \
            --tolerance 0 asks for that.

            Exit codes: 0 identical or within tolerance, 1 different, 64 usage or a file that can't be read, 65 the record \
            or the script does not read well (nothing ran), 130 interrupted.
            """)

    @ArgumentParser.Argument(help: "The script.", completion: .file(extensions: ["amp"]))
    var file: String

    @ArgumentParser.Option(
        help: ArgumentHelp("The record to compare with.", valueName: "record"),
        completion: .file(extensions: ["amplock"]))
    var against: String

    @ArgumentParser.Option(
        help: ArgumentHelp("By how much of its size a computed figure may differ.", valueName: "share"))
    var tolerance: Double = Verification.tolerance

    @ArgumentParser.Option(
        help: ArgumentHelp("Threads that compute, unless the script sets them; one a core.", valueName: "count"))
    var threads: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let threads, !(1...4096).contains(threads) { throw ValidationError("--threads is a count from 1 to 4096") }
        guard tolerance.isFinite, (0..<1).contains(tolerance) else {
            throw ValidationError("--tolerance is a share from 0 to 1, such as 1e-4")
        }
    }

    func run() throws {
        var printer = Printer(output)
        let script = try Engine.scriptOrExit(file, printer)
        let record = try recordOrExit(printer)
        let engine = try Engine.orExit(nil, printer)
        defer { try? engine.store.close() }
        printer.follow(engine.presentation)
        if let threads { engine.defaults.threads = threads }
        engine.parameters = record.script.parameters.compactMapValues { Engine.value($0) }
        guard let checked = Batch.checked(script, engine, printer) else { throw ExitCode(ExitStatus.syntax) }
        var verification = Verification(of: record, tolerance: tolerance)
        if let diagnostic = verification.change(of: checked.sentences).diagnostic {
            printer.say(diagnostic, in: nil)
            throw ExitCode(ExitStatus.failed)
        }
        if printer.tellsMore { printer.say(verification.heading) }
        throw ExitCode(try run(checked.sentences, engine, printer, &verification))
    }

    private func recordOrExit(_ printer: Printer) throws -> RunRecord {
        do { return try RunRecord(path: against) } catch {
            printer.say(error.diagnostic(path: against), in: nil)
            if case .unreadable = error { throw ExitCode(ExitStatus.usage) }
            throw ExitCode(ExitStatus.syntax)
        }
    }

    private func run(
        _ sentences: [Sentence], _ engine: Engine, _ printer: Printer, _ verification: inout Verification
    ) throws -> Int32 {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        engine.scratch = scratch
        engine.notesDependencies = true
        for sentence in sentences.prefix(verification.record.sentences.count) {
            if Interruption.termination != nil { return Interruption.exitCode }
            let answer = Conversation(engine: engine, printer: printer).answer(sentence)
            if answer.status == .interrupted {
                if let diagnostic = answer.diagnostic { printer.say(diagnostic, in: nil) }
                return Interruption.termination == nil ? ExitStatus.interrupted : Interruption.exitCode
            }
            say(verification.judge(sentence, answer), printer)
            if answer.status == .failed, !verification.record.script.keepsGoing { break }
        }
        let reached = verification.verdicts.count
        verification.end()
        for verdict in verification.verdicts.dropFirst(reached) { say(verdict, printer) }
        if printer.writesJSON {
            printer.say(
                SentenceRecord(
                    sentence: "", status: verification.holds ? .ok : .failed, outputs: verification.summary))
        } else {
            printer.say(verification.summary)
        }
        return verification.holds ? ExitStatus.done : ExitStatus.failed
    }

    /// The sentence and what became of it; with --quiet only where it is different.
    private func say(_ verdict: Verdict, _ printer: Printer) {
        if printer.writesJSON {
            printer.say(
                SentenceRecord(
                    number: verdict.number, sentence: verdict.sentence, status: verdict.isDifferent ? .failed : .ok,
                    outputs: [verdict.output]))
            return
        }
        if printer.isQuiet, !verdict.isDifferent { return }
        // The verdicts stand under each other, and what there is to say about one below it.
        let room = max(printer.output.width - Verdict.Outcome.widest - 2, 20)
        let sentence = "[\(verdict.number)] \(verdict.sentence)".cut(to: room)
        printer.say(line: verdict.title + "  \(name: sentence)")
        printer.say(verdict.details, indent: 4)
    }
}
