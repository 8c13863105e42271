import Foundation
import Testing

@Suite("The harness that types at programs")
struct HarnessTests {
    @Test("what is typed at cat is shown twice: as the terminal echoes it and as cat writes it")
    func echo() throws {
        let pty = try Pty("/bin/cat")
        pty.send("a line\r")
        #expect(try pty.expect("a line", times: 2) == "a line\na line\n")
        pty.endInput()
        #expect(try pty.waitForExit() == 0)
    }

    @Test("the program has a terminal of its own, 80 by 24")
    func size() throws {
        let pty = try Pty("/bin/sh", ["-c", "tty -s </dev/tty && stty size && exit 7"])
        #expect(try pty.waitForExit() == 7)
        #expect(pty.text == "24 80\n")
    }

    @Test("Ctrl-C ends what does not catch it, and is caught by what does")
    func interrupts() throws {
        let plain = try Pty("/bin/cat")
        plain.send("x\r")
        try plain.expect("x", times: 2)
        plain.interrupt()
        #expect(try plain.waitForExit() == 130)

        let catching = try Pty(
            "/bin/sh", ["-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.05; done"])
        try catching.expect("ready")
        catching.interrupt()
        try catching.expect("caught")
        #expect(try catching.waitForExit() == 3)
    }

    @Test("text that never appears is an error that shows the screen")
    func unseen() throws {
        let pty = try Pty("/bin/sh", ["-c", "echo something else"])
        let failure = #expect(throws: Pty.Failure.self) { try pty.expect("something particular") }
        #expect("\(try #require(failure))".contains("something else"))
    }

    @Test("a program that is not there is an error")
    func missing() {
        #expect(throws: Pty.Failure.self) { try Pty("/nonexistent/program") }
        #expect(throws: Pty.Failure.self) { try Run("/nonexistent/program") }
    }

    @Test("a run keeps output, errors and exit code apart")
    func run() throws {
        let run = try Run(
            "/bin/sh", ["-c", "cat; echo \"$WORD\" >&2; exit 5"], input: "in\n", environment: ["WORD": "oops"])
        #expect(run.output == "in\n")
        #expect(run.errors == "oops\n")
        #expect(run.exitCode == 5)
        #expect(try Run("/bin/sh", ["-c", "kill -TERM $$"]).exitCode == 143)
    }

    @Test("the amp that was built with the tests is found")
    func binary() throws {
        #expect(try Run(AmpBinary.path, ["--version"]).output == "0.1.0\n")
    }
}
