import Foundation

/// The parsed and checked JSON header of a safetensors file.
struct SafetensorsHeader {
    let tensors: [String: TensorInfo]
    let names: [String]
    let metadata: [String: String]?

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case dataOffsets = "data_offsets"
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Raw: Decodable {
        var entries: [(name: String, entry: Result<Entry, any Error>)] = []
        var metadata: [String: String]?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                if key.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: key)
                } else {
                    entries.append((key.stringValue, Result { try container.decode(Entry.self, forKey: key) }))
                }
            }
        }
    }

    init(json: Data, dataStart: Int, fileSize: Int, path: String) throws(CheckpointError) {
        guard String(validating: json, as: UTF8.self) != nil else {
            throw .malformedHeader(path: path, reason: "it is not valid UTF-8")
        }
        let raw: Raw
        do { raw = try JSONDecoder().decode(Raw.self, from: json) } catch {
            throw .malformedHeader(path: path, reason: "it is not the JSON object that the format asks for")
        }
        var tensors: [String: TensorInfo] = [:]
        // A dictionary's order differs from run to run; the error must not.
        let entries = raw.entries.sorted { $0.name < $1.name }
        let end = entries.compactMap { try? $0.entry.get().dataOffsets.last }.max() ?? 0
        for (name, result) in entries {
            tensors[name] = try Self.check(name, result, dataStart: dataStart, end: end, fileSize: fileSize, path: path)
        }
        self.tensors = tensors
        metadata = raw.metadata
        let ordered = tensors.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
        }
        for (previous, next) in zip(ordered, ordered.dropFirst())
        where next.value.range.lowerBound < previous.value.range.upperBound {
            throw .overlappingTensors(path: path, first: previous.key, second: next.key)
        }
        names = ordered.map(\.key)
    }

    private static func check(
        _ name: String, _ result: Result<Entry, any Error>, dataStart: Int, end: Int, fileSize: Int, path: String
    ) throws(CheckpointError) -> TensorInfo {
        func malformed(_ reason: String) -> CheckpointError {
            .malformedTensor(path: path, tensor: name, reason: reason)
        }
        guard case .success(let entry) = result else {
            throw malformed("its header entry needs dtype, shape and data_offsets, as whole numbers that fit 64 bits")
        }
        guard let type = ElementType(rawValue: entry.dtype) else {
            throw .unsupportedType(path: path, tensor: name, type: entry.dtype)
        }
        // A size of 0 is left out at first: part of the shape, such as one row, must fit a number too.
        var bytes = type.size
        for size in entry.shape {
            guard size >= 0 else { throw malformed("its shape \(entry.shape) has a negative size") }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(size, 1))
            guard !overflow else { throw malformed("its shape \(entry.shape) is larger than any file") }
            bytes = product
        }
        if entry.shape.contains(0) { bytes = 0 }
        guard entry.dataOffsets.count == 2, entry.dataOffsets[0] >= 0, entry.dataOffsets[0] <= entry.dataOffsets[1]
        else {
            throw malformed("its data offsets \(entry.dataOffsets) are not a range")
        }
        guard entry.dataOffsets[1] - entry.dataOffsets[0] == bytes else {
            throw malformed(
                "its shape \(entry.shape) of \(type.rawValue) takes \(bytes) bytes, "
                    + "its data offsets hold \(entry.dataOffsets[1] - entry.dataOffsets[0])")
        }
        guard entry.dataOffsets[1] <= fileSize - dataStart else {
            let (expected, overflow) = end.addingReportingOverflow(dataStart)
            throw .truncated(path: path, expectedBytes: overflow ? .max : expected, foundBytes: fileSize)
        }
        return TensorInfo(
            type: type, shape: entry.shape,
            range: (dataStart + entry.dataOffsets[0])..<(dataStart + entry.dataOffsets[1]))
    }
}

extension String {
    /// The text, or nil where the bytes are not valid in the encoding.
    fileprivate init?(validating data: Data, as encoding: UTF8.Type) { self.init(data: data, encoding: .utf8) }
}
