import Checkpoints
import Foundation
import Language
import Report

extension RunRecord {
    /// Notes a sentence and its answer; the engine must note dependencies.
    package mutating func add(_ sentence: Sentence, _ answer: Engine.Answer) {
        sentences.append(Entry(sentence, answer))
    }
}

extension RunRecord.Entry {
    package init(_ sentence: Sentence, _ answer: Engine.Answer) {
        self.sentence = sentence.canonical
        status = answer.status
        outputs = Self.values(answer.outputs)
        error = answer.diagnostic?.message
        dependencies = answer.dependencies
    }

    /// What `--json` writes of an answer, without what was timed.
    private static func values(_ outputs: [Output]) -> JSON {
        let text = JSONRenderer().render(SentenceRecord(sentence: "", outputs: outputs))
        let record = try? JSON(exactly: Data(text.utf8))
        return untimed(record?["outputs"] ?? .array([]))
    }

    private static func untimed(_ json: JSON) -> JSON {
        switch json {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in (key, isTimed(key) ? .null : untimed(value)) }))
        case .array(let elements): .array(elements.map(untimed))
        default: json
        }
    }

    /// Durations and speeds are never twice the same.
    private static func isTimed(_ key: String) -> Bool { key.hasSuffix("seconds") || key.hasSuffix("per_second") }
}
