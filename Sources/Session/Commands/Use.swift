import Language
import Report

/// `use NAME`: makes a loaded model or data set the one in use.
enum Use: Command {
    static let spec = CommandSpec(
        "use", "make a model or a data set the one in use", object: .value(.name(.named)),
        examples: [Example("use vit")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let name = sentence.text ?? ""
        if context.state.models[name] != nil {
            context.state.currentModel = name
            context.say("model in use: \(name: name)", data: ["model": .string(name)])
        } else if context.state.dataSets[name] != nil {
            context.state.currentData = name
            context.say("data in use: \(name: name)", data: ["data": .string(name)])
        } else {
            throw SessionError.unknownName(
                name, known: context.state.models.keys.sorted() + context.state.dataSets.keys.sorted(),
                at: sentence.objectSpan)
        }
    }
}
