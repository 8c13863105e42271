import Foundation

/// A Python value as torch.save would pickle it.
package indirect enum PickleItem: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case tuple([PickleItem])
    case list([PickleItem])
    case dictionary([(String, PickleItem)])
    /// A class or function by its module and name.
    case global(String, String)
    /// A call of a class or function.
    case call(String, String, [PickleItem])
    /// A new object of a class, with its state.
    case object(String, String, state: PickleItem)
    /// A storage: its type, its key, its elements.
    case storage(String, key: String, count: Int)
    /// Instructions as they are.
    case raw([UInt8])

    /// What `torch._utils._rebuild_tensor_v2` is called with.
    package static func tensor(
        _ storage: PickleItem, offset: Int = 0, shape: [Int], strides: [Int]? = nil
    ) -> PickleItem {
        let natural = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        return .call(
            "torch._utils", "_rebuild_tensor_v2",
            [
                storage, .int(offset), .tuple(shape.map(PickleItem.int)),
                .tuple((strides ?? natural).map(PickleItem.int)), .bool(false), .call("collections", "OrderedDict", []),
            ])
    }
}

/// Writes pickles of protocol 2 or 4, instruction by instruction.
package struct PickleWriter {
    package private(set) var bytes: [UInt8]
    private let version: UInt8

    package static func pickle(_ item: PickleItem, version: UInt8 = 2) -> [UInt8] {
        var writer = PickleWriter(version: version)
        writer.write(item)
        writer.bytes.append(0x2E)
        return writer.bytes
    }

    private init(version: UInt8) {
        self.version = version
        bytes = [0x80, version]
    }

    private mutating func write(_ item: PickleItem) {
        switch item {
        case .none: bytes.append(0x4E)
        case .bool(let value): bytes.append(value ? 0x88 : 0x89)
        case .int(let value): write(value)
        case .float(let value):
            bytes.append(0x47)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }
        case .string(let text):
            bytes.append(0x58)
            number(text.utf8.count, bytes: 4)
            bytes += Array(text.utf8)
        case .tuple(let items):
            bytes.append(0x28)
            items.forEach { write($0) }
            bytes.append(0x74)
        case .list(let items):
            bytes += [0x5D, 0x28]
            items.forEach { write($0) }
            bytes.append(0x65)
        case .dictionary(let entries):
            bytes += [0x7D, 0x71, 0, 0x28]
            for (key, value) in entries {
                write(.string(key))
                write(value)
            }
            bytes.append(0x75)
        case .global(let module, let name):
            if version < 4 {
                bytes += [0x63] + Array("\(module)\n\(name)\n".utf8)
            } else {
                write(.string(module))
                write(.string(name))
                bytes.append(0x93)
            }
        case .call(let module, let name, let arguments):
            write(.global(module, name))
            write(.tuple(arguments))
            bytes.append(0x52)
        case .object(let module, let name, let state):
            write(.global(module, name))
            bytes += [0x29, 0x81]
            write(state)
            bytes.append(0x62)
        case .storage(let type, let key, let count):
            write(.tuple([.string("storage"), .global("torch", type), .string(key), .string("cpu"), .int(count)]))
            bytes.append(0x51)
        case .raw(let instructions): bytes += instructions
        }
    }

    private mutating func write(_ value: Int) {
        if (0..<256).contains(value) {
            bytes += [0x4B, UInt8(value)]
        } else if (0..<65_536).contains(value) {
            bytes.append(0x4D)
            number(value, bytes: 2)
        } else if Int32(exactly: value) != nil {
            bytes.append(0x4A)
            number(value, bytes: 4)
        } else {
            bytes += [0x8A, 8]
            number(value, bytes: 8)
        }
    }

    private mutating func number(_ value: Int, bytes count: Int) {
        bytes += (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
