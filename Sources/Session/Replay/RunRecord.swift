import Checkpoints
import Foundation
import Language

/// What a script's run depended on and gave, sentence by sentence.
package struct RunRecord: Sendable, Hashable {
    /// The version of the file's format. A reader knows all up to its own.
    package static let format = 1

    package var machine: Machine
    package var script: Script
    package var sentences: [Entry] = []
    /// Whether the run came to the end of the script, or to a `quit`.
    package var isComplete = false

    package struct Script: Sendable, Hashable {
        /// The file's name, without folders.
        package var name: String
        package var sha256: String
        /// The caller's values of `param`s, as they are written.
        package var parameters: [String: String]
        /// Whether the run went on behind sentences that failed.
        package var keepsGoing: Bool

        package init(name: String, sha256: String, parameters: [String: String], keepsGoing: Bool) {
            self.name = name
            self.sha256 = sha256
            self.parameters = parameters
            self.keepsGoing = keepsGoing
        }

        package init(name: String, source: Source, parameters: [String: Language.Value], keepsGoing: Bool) {
            self.init(
                name: name, sha256: Checkpoints.sha256(of: Data(source.text.utf8)),
                parameters: parameters.mapValues(\.description), keepsGoing: keepsGoing)
        }
    }

    /// A sentence and what came of it.
    package struct Entry: Sendable, Hashable {
        /// As the script has it, in canonical form.
        package var sentence: String
        package var status: CellStatus
        /// The answer's values for machines, without times. A list of objects.
        package var outputs: JSON
        /// Why it failed.
        package var error: String?
        package var dependencies: [Dependency]
    }

    package init(script: Script, machine: Machine = Machine()) {
        self.script = script
        self.machine = machine
    }
}

extension RunRecord {
    /// The bytes of the file: JSON with sorted keys; the same record always gives the same bytes.
    package var encoded: Data {
        let json = JSON.object([
            "amplock": .int(Self.format), "machine": machine.json, "complete": .bool(isComplete),
            "script": .object([
                "name": .string(script.name), "sha256": .string(script.sha256),
                "parameters": .object(script.parameters.mapValues(JSON.string)), "keep_going": .bool(script.keepsGoing),
            ]),
            "sentences": .array(sentences.enumerated().map { $1.json(number: $0 + 1) }),
        ])
        return Data(ReadableJSON.text(json).utf8)
    }

    /// Reads the bytes of a file.
    package init(decoding data: Data) throws(RunRecordError) {
        guard let json = try? JSON(exactly: data) else { throw .notJSON }
        guard let format = json["amplock"]?.int else { throw .notARecord }
        guard format <= Self.format else { throw .newer(format: format, amp: json["machine"]?["amp"]?.string) }
        guard format > 0 else { throw .damaged("amplock") }
        guard let machine = json["machine"], let script = json["script"], let entries = json["sentences"]?.array,
            let isComplete = json["complete"]?.bool
        else { throw .damaged("its outer parts") }
        guard let name = script["name"]?.string, let hash = script["sha256"]?.string,
            let parameters = script["parameters"]?.object, let keepsGoing = script["keep_going"]?.bool
        else { throw .damaged("script") }
        self.init(
            script: Script(
                name: name, sha256: hash, parameters: parameters.compactMapValues(\.string), keepsGoing: keepsGoing),
            machine: try Machine(machine))
        for (index, entry) in entries.enumerated() { sentences.append(try Entry(entry, number: index + 1)) }
        self.isComplete = isComplete
    }

    /// Reads a file.
    package init(path: String) throws(RunRecordError) {
        let place = absolutePath(path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw .unreadable(reason: "there is nothing at this path")
        }
        guard !isFolder.boolValue else { throw .unreadable(reason: "it is a folder") }
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: place)) } catch {
            throw .unreadable(reason: Problem.systemReason(error))
        }
        try self.init(decoding: data)
    }
}

extension RunRecord.Entry {
    fileprivate func json(number: Int) -> JSON {
        var members: [String: JSON] = [
            "number": .int(number), "sentence": .string(sentence), "status": .string(status.rawValue),
            "outputs": outputs, "outputs_sha256": .string(sha256(of: outputs.encoded())),
        ]
        members["error"] = error.map(JSON.string)
        let (written, read) = (
            dependencies.filter { $0.kind == .written }, dependencies.filter { $0.kind != .written }
        )
        if !read.isEmpty { members["read"] = .array(read.map(\.json)) }
        if !written.isEmpty { members["written"] = .array(written.map(\.json)) }
        return .object(members)
    }

    fileprivate init(_ json: JSON, number: Int) throws(RunRecordError) {
        func damage(_ part: String) -> RunRecordError { .damaged("sentence \(number): \(part)") }
        guard let sentence = json["sentence"]?.string else { throw damage("sentence") }
        guard let status = json["status"]?.string.flatMap(CellStatus.init(rawValue:)) else { throw damage("status") }
        guard let outputs = json["outputs"], outputs.array != nil else { throw damage("outputs") }
        guard let hash = json["outputs_sha256"]?.string else { throw damage("outputs_sha256") }
        guard sha256(of: outputs.encoded()) == hash else { throw .altered(sentence: number) }
        self.sentence = sentence
        self.status = status
        self.outputs = outputs
        error = json["error"]?.string
        dependencies = []
        for part in ["read", "written"] {
            for item in json[part]?.array ?? [] {
                guard let dependency = Dependency(item) else { throw damage(part) }
                dependencies.append(dependency)
            }
        }
    }
}

extension Dependency {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["kind": .string(kind.rawValue), "path": .string(path)]
        members["name"] = name.map(JSON.string)
        members["sha256"] = sha256.map(JSON.string)
        members["recurrence"] = recurrence.map { .string($0.rawValue) }
        return .object(members)
    }

    fileprivate init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let path = json["path"]?.string else {
            return nil
        }
        self.init(
            kind, name: json["name"]?.string, path: path, sha256: json["sha256"]?.string,
            recurrence: json["recurrence"]?.string.flatMap(Recurrence.init(rawValue:)))
    }
}
