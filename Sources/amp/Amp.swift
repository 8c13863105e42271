import ArgumentParser

@main
struct Amp: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "amp", version: "0.1.0")
}
