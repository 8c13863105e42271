/// The dictionary of tensors inside what torch.save was given, and the way to it.
struct StateDict {
    /// In the order of the dictionary.
    private(set) var tensors: [(name: String, value: PickleValue)] = []
    /// The keys that lead to it.
    private(set) var unwrapped: [String] = []
    /// What stood on the way and is no part of it: its key, and its class where it is an object.
    private(set) var skipped: [String] = []

    /// The keys under which libraries keep the weights, in the order they are looked for.
    ///
    /// Weights come before their moving averages, which are named when they are skipped. Of DINO's two networks the
    /// teacher comes first: it is the one that is published and evaluated (Caron et al. 2021, section 3.1).
    private static let wrappers = [
        "state_dict", "model_state_dict", "model", "module", "teacher", "student", "model_ema", "state_dict_ema",
        "ema_state_dict", "ema",
    ]
    /// Where training loops keep tensors that are not the model's.
    private static let training = ["optim", "sched", "scaler", "loss", "criterion", "rng"]
    /// No library nests deeper.
    private static let deepest = 8

    init(_ root: PickleValue, in machine: PickleMachine) throws(CheckpointError) {
        var current = root
        for _ in 0..<Self.deepest {
            guard case .dictionary(let index) = current else { break }
            let entries = Self.entries(index, machine)
            guard let inner = try Self.inner(entries, machine) else {
                for entry in entries { add(entry, machine) }
                break
            }
            unwrapped.append(inner.name)
            for entry in entries where entry.name != inner.name { skip(entry, machine) }
            current = inner.value
        }
        guard !tensors.isEmpty else { throw .noTensors(path: machine.path, met: Self.met(root, machine)) }
    }

    private typealias Entry = (name: String, value: PickleValue)

    /// The dictionary to look into next; nil where the tensors are here, or nowhere.
    private static func inner(_ entries: [Entry], _ machine: PickleMachine) throws(CheckpointError) -> Entry? {
        for name in wrappers {
            if let entry = entries.first(where: { $0.name == name }), holdsTensors(entry.value, machine) {
                return entry
            }
        }
        let isHere = entries.contains { if case .tensor = $0.value { true } else { false } }
        if isHere { return nil }
        let candidates = entries.filter { entry in
            !training.contains { entry.name.lowercased().contains($0) } && holdsTensors(entry.value, machine)
        }
        guard candidates.count < 2 else {
            throw .severalStateDicts(path: machine.path, keys: candidates.map(\.name))
        }
        return candidates.first
    }

    private mutating func add(_ entry: Entry, _ machine: PickleMachine) {
        switch entry.value {
        case .tensor: tensors.append(entry)
        // A tensor that could not be rebuilt is a missing weight, not an entry beside the weights.
        case .opaque(let name) where machine.name(name).hasPrefix("torch._utils._rebuild"): tensors.append(entry)
        default: skip(entry, machine)
        }
    }

    private mutating func skip(_ entry: Entry, _ machine: PickleMachine) {
        if case .opaque(let name) = entry.value {
            skipped.append("\(entry.name) (\(machine.name(name)))")
        } else {
            skipped.append(entry.name)
        }
    }

    /// The entries with words for keys; of equal keys the last value, at the place of the first.
    private static func entries(_ index: Int, _ machine: PickleMachine) -> [Entry] {
        var places: [String: Int] = [:]
        var entries: [Entry] = []
        for pair in machine.dictionaries[index] {
            guard case .string(let key) = pair.key else { continue }
            let name = machine.strings[key]
            if let place = places[name] {
                entries[place].value = pair.value
            } else {
                places[name] = entries.count
                entries.append((name, pair.value))
            }
        }
        return entries
    }

    /// Whether a value is a dictionary with tensors in it, however deep. Dictionaries may hold themselves.
    private static func holdsTensors(_ value: PickleValue, _ machine: PickleMachine) -> Bool {
        var seen = Set<Int>()
        var open = [value]
        while let next = open.popLast() {
            guard case .dictionary(let index) = next, seen.insert(index).inserted else { continue }
            for pair in machine.dictionaries[index] {
                switch pair.value {
                case .tensor: return true
                case .dictionary: open.append(pair.value)
                default: break
                }
            }
        }
        return false
    }

    /// What to say about a file without tensors.
    private static func met(_ root: PickleValue, _ machine: PickleMachine) -> [String] {
        switch root {
        case .dictionary(let index):
            let keys = entries(index, machine).map { "the key \($0.name)" }
            return keys.isEmpty ? ["an empty dictionary"] : keys + machine.metNames
        case .tensor: return ["a single tensor"]
        case .sequence(_, let isTuple): return [isTuple ? "a tuple" : "a list"]
        case .opaque(let name), .global(let name): return [machine.name(name)]
        default: return ["a single value"]
        }
    }
}
