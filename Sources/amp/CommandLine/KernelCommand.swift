import ArgumentParser
import Foundation
import Jupyter
import Language
import Session

/// `amp kernel`: the engine behind a Jupyter notebook.
struct KernelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernel", _superCommandName: "amp", abstract: "Runs sentences for Jupyter notebooks.",
        usage: """
            amp kernel install [--to FOLDER] [--name NAME]
            amp kernel uninstall [--to FOLDER] [--name NAME]
            amp kernel --connection FILE [--session FILE]
            """,
        discussion: """
            'amp kernel install' makes amp known to the Jupyter of this user; Jupyter then starts the kernel itself. The \
            session is in memory and ends with the kernel, unless --session or AMP_SESSION names a file.
            """,
        subcommands: [Install.self, Uninstall.self, Start.self], defaultSubcommand: Start.self)

    /// `amp kernel --connection FILE`: what Jupyter starts.
    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "start", shouldDisplay: false)

        @ArgumentParser.Option(
            help: ArgumentHelp("Where a client waits for the kernel, as Jupyter writes it.", valueName: "file"))
        var connection: String

        @ArgumentParser.Option(
            help: ArgumentHelp("The session's file.", valueName: "file"), completion: .file(extensions: ["ampdb"]))
        var session: String?

        func run() throws {
            let named = session ?? ProcessInfo.processInfo.environment["AMP_SESSION"]
            let path = named.flatMap { $0.isEmpty ? nil : $0 }
            let kernel = try reporting { () throws(JupyterError) in
                try JupyterKernel(try ConnectionFile(path: connection), surroundings: .process) {
                    () throws(Diagnostic) in try Engine.open(path: path)
                }
            }
            kernel.run()
            throw ExitCode(Interruption.termination == nil ? ExitStatus.done : Interruption.exitCode)
        }
    }

    /// Which kernel, and where.
    struct Place: ParsableArguments {
        @ArgumentParser.Option(
            name: .customLong("to"),
            help: ArgumentHelp(
                "The Python environment whose Jupyter is to know it; the user's unless given.", valueName: "folder"),
            completion: .directory)
        var environment: String?

        @ArgumentParser.Option(help: ArgumentHelp("What Jupyter calls the kernel.", valueName: "name"))
        var name = KernelSpecification.standardName

        func specification() throws(JupyterError) -> KernelSpecification {
            try KernelSpecification(name: name, dataFolder: environment.map(DataFolder.inside))
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes amp known to Jupyter.")

        @OptionGroup var place: Place

        func run() throws {
            try reporting { () throws(JupyterError) in
                let specification = try place.specification()
                try specification.install(program: Bundle.main.executablePath ?? CommandLine.arguments[0])
                print("kernel '\(specification.name)' installed in \(specification.folder)")
            }
            if let missing = JupyterKernel.missingLibrary {
                FileHandle.standardError.write(Data((missing.rendered(source: nil) + "\n").utf8))
            }
        }
    }

    struct Uninstall: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes amp away from Jupyter.")

        @OptionGroup var place: Place

        func run() throws {
            try reporting { () throws(JupyterError) in
                let specification = try place.specification()
                try specification.uninstall()
                print("kernel '\(specification.name)' removed from \(specification.folder)")
            }
        }
    }
}

/// Does something, or says why not and ends.
private func reporting<Result>(_ body: () throws(JupyterError) -> Result) throws -> Result {
    do { return try body() } catch {
        FileHandle.standardError.write(Data((error.diagnostic.rendered(source: nil) + "\n").utf8))
        throw ExitCode(ExitStatus.failed)
    }
}

extension Surroundings {
    /// This process: signals as they were caught, paths as Tab offers them, standard error for the server's log.
    static var process: Surroundings {
        Surroundings(
            isInterrupted: { Interruption.isRequested }, forgetInterruption: { Interruption.clear() },
            isEnding: { Interruption.termination != nil },
            paths: { prefix, opens in TabOffers.paths(from: prefix, opens: opens).map(\.text) },
            note: { Kernels.takeNote() },
            complain: { FileHandle.standardError.write(Data("amp kernel: \($0)\n".utf8)) })
    }
}
