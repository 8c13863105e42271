import Foundation

/// A file that torch.save wrote: a zip archive of a pickle and the bytes of the storages it refers to.
///
/// The tensors of its state dict lie in the mapped file and are touched only when asked for.
struct TorchArchive {
    /// In the order of the state dict.
    private(set) var tensors: [(name: String, place: TensorPlace)] = []
    /// The keys that led to the state dict.
    let unwrapped: [String]
    /// What stood beside the tensors: its key, and its class where it is an object.
    let skipped: [String]

    /// Elements that all the tensors of a file may have beyond those of their storages.
    ///
    /// Views that repeat values, as `expand` makes them, take no room in the file: only a bound keeps a small file from
    /// announcing any size at all.
    private static let mostRepeated = 1 << 24

    init(_ file: MappedFile) throws(CheckpointError) {
        let path = file.path
        let directory = try ZipDirectory(file)
        let root = try Self.root(directory, path: path)
        if directory.stored[root + "constants.pkl"] != nil || directory.packed.contains(root + "constants.pkl") {
            throw .unsupportedFormat(path: path, format: .torchScript)
        }
        if let order = directory.stored[root + "byteorder"],
            String(decoding: file.bytes[order].prefix(16), as: UTF8.self) == "big"
        {
            throw .unsupportedFormat(path: path, format: .torchBigEndian)
        }
        guard let pickle = directory.stored[root + "data.pkl"] else {
            throw .malformedArchive(path: path, reason: "its data.pkl is compressed; torch.save stores it as it is")
        }
        var machine = PickleMachine(UnsafeRawBufferPointer(rebasing: file.bytes[pickle]), path: path)
        let value = try machine.run()
        let state = try StateDict(value, in: machine)
        unwrapped = state.unwrapped
        skipped = state.skipped
        var repeated = 0
        for (name, value) in state.tensors {
            let reader = TorchTensorReader(
                file: file, directory: directory, root: root, machine: machine, tensor: name)
            let (place, storageCount) = try reader.place(value)
            repeated += max(0, place.info.count - storageCount)
            guard repeated <= Self.mostRepeated else {
                throw .malformedTensor(
                    path: path, tensor: name,
                    reason: "its shape \(place.info.shape) repeats the few values that are stored too often")
            }
            tensors.append((name, place))
        }
    }

    /// The folder of the archive that holds `data.pkl`, with its slash.
    private static func root(_ directory: ZipDirectory, path: String) throws(CheckpointError) -> String {
        let names = Array(directory.stored.keys) + directory.packed
        let pickles = names.filter { $0.hasSuffix("/data.pkl") || $0 == "data.pkl" }.sorted()
        guard let pickle = pickles.min(by: { $0.utf8.count < $1.utf8.count }) else {
            throw .unsupportedFormat(path: path, format: .zip)
        }
        return String(pickle.dropLast("data.pkl".count))
    }
}

/// Finds the bytes of one tensor of an archive and checks all that the pickle says about it.
private struct TorchTensorReader {
    let file: MappedFile
    let directory: ZipDirectory
    let root: String
    let machine: PickleMachine
    let tensor: String

    private func malformed(_ reason: String) -> CheckpointError {
        .malformedTensor(path: file.path, tensor: tensor, reason: reason)
    }

    private func unsupported(_ kind: TensorKind) -> CheckpointError {
        .unsupportedTensor(path: file.path, tensor: tensor, kind: kind)
    }

    /// Where the tensor lies, and how many elements its storage has.
    func place(_ value: PickleValue) throws(CheckpointError) -> (TensorPlace, storageCount: Int) {
        guard case .tensor(let index) = value else {
            guard case .opaque(let name) = value else { throw malformed("it is no tensor") }
            throw unsupported(Self.kind(machine.name(name)))
        }
        let tensor = machine.tensors[index]
        let storage = machine.storages[tensor.storage]
        if tensor.isLazilyChanged { throw unsupported(.lazilyChanged) }
        let type = try elementType(tensor, storage)
        guard let bytes = directory.stored[root + "data/" + storage.key] else {
            let isPacked = directory.packed.contains(root + "data/" + storage.key)
            throw malformed(isPacked ? "its values are compressed" : "its values are not in the archive")
        }
        var (size, isTooLarge) = (storage.count, false)
        if storage.type != .untyped { (size, isTooLarge) = storage.count.multipliedReportingOverflow(by: type.size) }
        guard storage.count >= 0, !isTooLarge, size <= bytes.count else {
            throw malformed("its storage should have \(storage.count) elements, the archive has \(bytes.count) bytes")
        }
        let count = size / type.size
        let info = TensorInfo(type: type, shape: tensor.shape)
        guard TensorInfo.byteCount(type, tensor.shape) != nil else {
            throw malformed("its shape \(tensor.shape) has a negative size, or is larger than any file")
        }
        guard tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 }) else {
            throw malformed("it begins or steps before its storage")
        }
        if info.count > 0 {
            guard let last = lastElement(tensor), last < count else {
                throw malformed(
                    "its shape \(tensor.shape) with strides \(tensor.strides) from element \(tensor.offset) reaches "
                        + "beyond the \(count) elements of its storage")
            }
        }
        let start = info.count > 0 ? bytes.lowerBound + tensor.offset * type.size : bytes.lowerBound
        return (TensorPlace(info, in: file, start: start, strides: tensor.strides), count)
    }

    private func elementType(_ tensor: TorchTensor, _ storage: TorchStorage) throws(CheckpointError) -> ElementType {
        switch tensor.type ?? storage.type {
        case .typed(let type):
            // A type of its own only makes sense of bytes.
            guard tensor.type == nil || storage.type == .untyped || storage.type == tensor.type else {
                throw malformed("its type is not that of its storage")
            }
            return type
        case .untyped: return .uint8
        case .other(let name): throw unsupported(name.hasPrefix("q") || name.hasPrefix("Q") ? .quantised : .other(name))
        }
    }

    /// The element of the storage that is furthest from its beginning; nil where that is beyond counting.
    private func lastElement(_ tensor: TorchTensor) -> Int? {
        var last = tensor.offset
        for (size, stride) in zip(tensor.shape, tensor.strides) {
            let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, beyond) = last.addingReportingOverflow(step)
            guard !overflow, !beyond else { return nil }
            last = sum
        }
        return last
    }

    /// What a tensor is that is rebuilt by another function than the usual ones.
    private static func kind(_ function: String) -> TensorKind {
        if function.contains("qtensor") { return .quantised }
        if function.contains("sparse") { return .sparse }
        if function.contains("meta") { return .meta }
        return .other(function)
    }
}
