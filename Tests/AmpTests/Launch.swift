import Foundation
import Glibc

/// A program to start, with a small environment that is the same on every machine.
struct Launch {
    private let program: String
    private let arguments: [String]
    private let environment: [String]

    /// - Parameter directory: where the program starts; the folder of the tests unless given.
    init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], in directory: String? = nil
    ) {
        // env changes the folder and becomes the program; spawn.h's own way to do so is not visible to Swift.
        self.program = directory == nil ? program : "/usr/bin/env"
        self.arguments = directory.map { ["--chdir=\($0)", program] + arguments } ?? arguments
        let own = ProcessInfo.processInfo.environment
        var all = ["TERM": "xterm", "LANG": "C.UTF-8", "PATH": own["PATH"] ?? "/usr/bin:/bin"]
        // A home of no one, so that no test reads or writes the history of who runs it.
        all["HOME"] = "/nonexistent"
        // What a machine needs to run the binary at all, and what it says about its processor.
        for name in ["LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"] { all[name] = own[name] }
        all.merge(environment) { $1 }
        self.environment = all.map { "\($0)=\($1)" }
    }

    /// Starts the program with every signal as the system has it.
    func start(
        newSession: Bool = false, files prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGTSTP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (newSession ? 0x80 : 0)  // POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, program, &actions, &attributes, &argv, &envp)
        guard failure == 0 else { throw Pty.Failure.refused(call: "posix_spawn \(program)", code: failure) }
        return process
    }
}

/// The exit code in what `waitpid` says, or 128 and the signal that ended the process, as shells count.
func exitCode(of status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}
