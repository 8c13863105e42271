import Foundation

/// The parsed and checked JSON header of a safetensors file.
struct SafetensorsHeader {
    let tensors: [String: TensorInfo]
    /// The bytes of the file that each tensor takes, checked to lie inside it.
    let ranges: [String: Range<Int>]
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
        let count = raw.entries.count + (raw.metadata == nil ? 0 : 1)
        if let twice = JSONKeys.duplicate(in: json, distinct: count) {
            throw .malformedHeader(path: path, reason: "the name \(twice) stands in it twice")
        }
        var tensors: [String: TensorInfo] = [:]
        var ranges: [String: Range<Int>] = [:]
        // A dictionary's order differs from run to run; the error must not.
        let entries = raw.entries.sorted { $0.name < $1.name }
        let end = entries.compactMap { try? $0.entry.get().dataOffsets.last }.max() ?? 0
        for (name, result) in entries {
            let (info, range) = try Self.check(
                name, result, dataStart: dataStart, end: end, fileSize: fileSize, path: path)
            tensors[name] = info
            ranges[name] = range
        }
        self.tensors = tensors
        self.ranges = ranges
        metadata = raw.metadata
        let ordered = ranges.sorted {
            ($0.value.lowerBound, $0.value.upperBound, $0.key) < ($1.value.lowerBound, $1.value.upperBound, $1.key)
        }
        for (previous, next) in zip(ordered, ordered.dropFirst())
        where next.value.lowerBound < previous.value.upperBound {
            throw .overlappingTensors(path: path, first: previous.key, second: next.key)
        }
        names = ordered.map(\.key)
    }

    private static func check(
        _ name: String, _ result: Result<Entry, any Error>, dataStart: Int, end: Int, fileSize: Int, path: String
    ) throws(CheckpointError) -> (TensorInfo, Range<Int>) {
        func malformed(_ reason: String) -> CheckpointError {
            .malformedTensor(path: path, tensor: name, reason: reason)
        }
        guard case .success(let entry) = result else {
            throw malformed("its header entry needs dtype, shape and data_offsets, as whole numbers that fit 64 bits")
        }
        guard let type = ElementType(rawValue: entry.dtype) else {
            throw .unsupportedType(path: path, tensor: name, type: entry.dtype)
        }
        guard entry.shape.allSatisfy({ $0 >= 0 }) else {
            throw malformed("its shape \(entry.shape) has a negative size")
        }
        guard let bytes = TensorInfo.byteCount(type, entry.shape) else {
            throw malformed("its shape \(entry.shape) is larger than any file")
        }
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
        return (
            TensorInfo(type: type, shape: entry.shape),
            (dataStart + entry.dataOffsets[0])..<(dataStart + entry.dataOffsets[1])
        )
    }
}

extension String {
    /// The text, or nil where the bytes are not valid in the encoding.
    fileprivate init?(validating data: Data, as encoding: UTF8.Type) { self.init(data: data, encoding: .utf8) }
}
