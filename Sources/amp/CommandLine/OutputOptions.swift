import ArgumentParser

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
