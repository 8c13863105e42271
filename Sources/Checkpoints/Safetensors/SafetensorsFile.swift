import Foundation

/// A memory-mapped safetensors file.
///
/// The header is parsed and checked at opening: every size is bounded by the file's own length before it is used, and no
/// two tensors share bytes. Values are touched only when asked for.
/// Format: 8 bytes little-endian header length, JSON header, data.
package final class SafetensorsFile: TensorReading {
    package let path: String
    package let tensors: [String: TensorInfo]
    /// Names in the order of their bytes.
    package let names: [String]
    /// The header's `__metadata__`, if any.
    package let metadata: [String: String]?
    private let file: MappedFile
    private let ranges: [String: Range<Int>]

    /// The longest header that is believed, as in the reference implementation.
    private static let longestHeader = 100_000_000

    package convenience init(path: String) throws(CheckpointError) { try self.init(MappedFile(path: path)) }

    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file
        path = file.path
        let bytes = file.bytes
        guard bytes.count >= 8 else {
            throw .truncated(path: path, expectedBytes: 8, foundBytes: bytes.count)
        }
        let announced = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard announced <= UInt64(Self.longestHeader) else {
            throw .malformedHeader(path: path, reason: "it announces a header of \(announced) bytes")
        }
        let dataStart = 8 + Int(announced)
        guard dataStart <= bytes.count else {
            throw .truncated(path: path, expectedBytes: dataStart, foundBytes: bytes.count)
        }
        let header = try SafetensorsHeader(
            json: Data(bytes[8..<dataStart]), dataStart: dataStart, fileSize: bytes.count, path: path)
        tensors = header.tensors
        ranges = header.ranges
        names = header.names
        metadata = header.metadata
    }

    /// The bytes of the file that a tensor takes.
    package func range(of name: String) -> Range<Int>? { ranges[name] }

    package func stored(_ name: String) throws(CheckpointError) -> StoredTensor {
        guard let info = tensors[name], let range = ranges[name] else {
            throw .missingTensor(path: path, tensor: name)
        }
        return StoredTensor(info: info, bytes: UnsafeRawBufferPointer(rebasing: file.bytes[range]), owner: file)
    }

    func place(of name: String) -> TensorPlace? {
        guard let info = tensors[name], let range = ranges[name] else { return nil }
        return TensorPlace(info, in: file, start: range.lowerBound)
    }
}
