import Language
import Report

/// `undo`: takes the last sentences back that changed something.
enum Undo: Command {
    static let spec = CommandSpec(
        "undo", "take back the last sentence that changed something", object: .optional(.value(.count())),
        examples: [Example("undo"), Example("undo 2")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard !context.isNested else { throw SessionError.onlyAtTop(verb: "undo") }
        let count = sentence.argument(as: Int.self) ?? 1
        let step = try context.store.undoStep(count)
        context.history = .undo(count)
        try context.tell("undone", step.cells)
    }
}

/// `redo`: does again what was taken back.
enum Redo: Command {
    static let spec = CommandSpec(
        "redo", "do again what was taken back", object: .optional(.value(.count())),
        examples: [Example("redo")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        guard !context.isNested else { throw SessionError.onlyAtTop(verb: "redo") }
        let count = sentence.argument(as: Int.self) ?? 1
        let step = try context.store.redoStep(count)
        context.history = .redo(count)
        try context.tell("done again", step.cells)
    }
}

extension CommandContext {
    fileprivate mutating func tell(_ what: String, _ cells: [Int]) throws {
        for number in cells {
            let cell = try store.cell(number)
            say("\(what): \(key: "[\(number)]") \(cell.sentence)", data: ["cell": .int(number)])
        }
    }
}
