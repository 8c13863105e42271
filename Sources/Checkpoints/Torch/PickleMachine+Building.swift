// What a pickle asks to build: dictionaries, storages and tensors are noted, everything else is only named.
extension PickleMachine {
    private mutating func pushOpaque(_ index: Int) {
        // Once each is enough to tell them.
        if met.count < 4096 { met.append(index) }
        stack.append(.opaque(index))
    }

    mutating func build(_ callee: PickleValue, arguments: PickleValue) throws(CheckpointError) {
        guard case .sequence(let index, isTuple: true) = arguments else {
            throw malformed("it calls something without a tuple of arguments")
        }
        switch callee {
        case .opaque(let name): pushOpaque(name)
        case .global(let global): try build(global, sequences[index])
        default: throw malformed("it calls what is no function")
        }
    }

    private mutating func build(_ global: Int, _ arguments: [PickleValue]) throws(CheckpointError) {
        switch globals[global].meaning {
        case .dictionary:
            let pairs = pairs(arguments.first)
            copied += pairs.count
            guard copied <= reader.bytes.count else { throw malformed("it copies the same list over and over") }
            pushDictionary(pairs)
        case .rebuildTensor, .rebuildTypedTensor:
            guard let tensor = tensor(globals[global].meaning, arguments) else {
                throw malformed("a tensor is rebuilt from something else than a storage, an offset, sizes and strides")
            }
            guard tensors.count < Self.mostTensors else { throw malformed("it holds more tensors than any model") }
            tensors.append(tensor)
            stack.append(.tensor(tensors.count - 1))
        case .rebuildParameter:
            guard let data = arguments.first else { throw malformed("a parameter is rebuilt from nothing") }
            stack.append(data)
        case .rebuildFromType:
            guard arguments.count >= 3, case .global(let function) = arguments[0],
                case .sequence(let inner, isTuple: true) = arguments[2]
            else { throw malformed("a tensor is rebuilt from something else than a function and its arguments") }
            if case .rebuildFromType = globals[function].meaning {
                pushOpaque(global)
            } else {
                try build(function, sequences[inner])
            }
        case .elementType, .other: pushOpaque(global)
        }
    }

    /// The pairs of a list of pairs, as OrderedDict takes them.
    private func pairs(_ list: PickleValue?) -> [(key: PickleValue, value: PickleValue)] {
        guard case .sequence(let index, _)? = list else { return [] }
        return sequences[index].compactMap { item in
            guard case .sequence(let pair, _) = item, sequences[pair].count == 2 else { return nil }
            return (sequences[pair][0], sequences[pair][1])
        }
    }

    /// (storage, offset, sizes, strides, requires_grad, hooks[, metadata]), and with a type before the metadata.
    private func tensor(_ function: PickleGlobal, _ arguments: [PickleValue]) -> TorchTensor? {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let offset) = arguments[1],
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
            shape.count <= Self.mostAxes
        else { return nil }
        var tensor = TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
        var metadata = arguments.dropFirst(6)
        if case .rebuildTypedTensor = function {
            guard case .global(let index)? = metadata.popFirst(), case .elementType(let type) = globals[index].meaning
            else {
                return nil
            }
            tensor.type = type
        }
        if case .dictionary(let index)? = metadata.first {
            tensor.isLazilyChanged = dictionaries[index].contains { pair in
                if case .bool(true) = pair.value { true } else { false }
            }
        }
        return tensor
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .sequence(let index, _) = value else { return nil }
        var result: [Int] = []
        for item in sequences[index] {
            guard case .int(let number) = item else { return nil }
            result.append(number)
        }
        return result
    }

    /// ('storage', type, key, location, count).
    mutating func pushStorage(_ id: PickleValue) throws(CheckpointError) {
        guard case .sequence(let index, isTuple: true) = id, sequences[index].count >= 5,
            case .string(let kind) = sequences[index][0], strings[kind] == "storage",
            case .global(let global) = sequences[index][1], case .elementType(let type) = globals[global].meaning,
            case .string(let key) = sequences[index][2], case .int(let count) = sequences[index][4]
        else { throw malformed("it refers to something outside itself that is no storage") }
        storages.append(TorchStorage(type: type, key: strings[key], count: count))
        stack.append(.storage(storages.count - 1))
    }
}
