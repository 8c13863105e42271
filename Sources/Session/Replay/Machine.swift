import Checkpoints
import Report
import Tensor

/// What the last digits of computed figures depend on beside a script and its files.
package struct Machine: Sendable, Hashable {
    /// The version of amp.
    package var amp: String
    package var processor: String
    /// The vector instructions it has, as the system names them.
    package var features: [String]
    /// "OpenBLAS 0.3.21 (SkylakeX kernels)"
    package var blas: String
    /// The vector instructions amp was compiled for.
    package var builtFor: String
    package var threads: Int
    /// What weights and activations may take, in bytes: with less, products are computed another way.
    package var memory: Int
    package var precision: Precision

    /// This one, as a session without settings of its own finds it.
    package init() {
        let state = SessionState()
        amp = Engine.version
        processor = Processor.name
        features = Processor.features
        blas = BLAS.description
        builtFor = Processor.builtFor
        threads = Parallel.threads
        memory = state.memoryLimit
        precision = state.precision
    }

    /// A fact that is not the same on two machines, as words.
    package struct Change: Sendable, Hashable {
        package let name: String
        package let recorded: String
        package let now: String
    }

    package func changes(since recorded: Machine) -> [Change] {
        let mine = facts
        return zip(recorded.facts, mine).compactMap { old, new in
            old.value == new.value ? nil : Change(name: old.name, recorded: old.value, now: new.value)
        }
    }

    private var facts: [(name: String, value: String)] {
        [
            ("version of amp", amp), ("processor", processor), ("instructions", features.joined(separator: " ")),
            ("kernels", blas), ("build", builtFor), ("number of threads", String(threads)),
            ("memory limit", NumberFormat.bytes(memory)), ("precision", precision.rawValue),
        ]
    }
}

extension Machine {
    var json: JSON {
        .object([
            "amp": .string(amp), "processor": .string(processor), "features": .array(features.map(JSON.string)),
            "blas": .string(blas), "built_for": .string(builtFor), "threads": .int(threads), "memory": .int(memory),
            "precision": .string(precision.rawValue),
        ])
    }

    init(_ json: JSON) throws(RunRecordError) {
        func text(_ key: String) throws(RunRecordError) -> String {
            guard let text = json[key]?.string else { throw .damaged("machine: \(key)") }
            return text
        }
        func count(_ key: String) throws(RunRecordError) -> Int {
            guard let count = json[key]?.int else { throw .damaged("machine: \(key)") }
            return count
        }
        amp = try text("amp")
        processor = try text("processor")
        guard let names = json["features"]?.array else { throw .damaged("machine: features") }
        features = names.compactMap(\.string)
        blas = try text("blas")
        builtFor = try text("built_for")
        threads = try count("threads")
        memory = try count("memory")
        guard let precision = Precision(rawValue: try text("precision")) else { throw .damaged("machine: precision") }
        self.precision = precision
    }
}
