import Foundation
import Tensor

/// Where one tensor lies in a safetensors file.
package struct TensorInfo: Sendable, Equatable {
    package let type: ElementType
    package let shape: [Int]
    /// Byte range in the file, checked to lie inside it.
    package let range: Range<Int>

    package var count: Int { shape.reduce(1, *) }
}

/// A memory-mapped safetensors file.
///
/// The header is parsed and checked at opening: every size is bounded by the file's own length before it is used, and no
/// two tensors share bytes. Values are touched only when asked for.
/// Format: 8 bytes little-endian header length, JSON header, data.
package final class SafetensorsFile: Sendable {
    package let path: String
    package let tensors: [String: TensorInfo]
    /// Names in the order of their bytes.
    package let names: [String]
    /// The header's `__metadata__`, if any.
    package let metadata: [String: String]?
    private let file: MappedFile

    /// The longest header that is believed, as in the reference implementation.
    private static let longestHeader = 100_000_000

    package init(path: String) throws(CheckpointError) {
        self.path = path
        file = try MappedFile(path: path)
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
        names = header.names
        metadata = header.metadata
    }

    /// The raw bytes of a tensor.
    package func bytes(_ name: String) throws(CheckpointError) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: file.bytes[try info(name).range])
    }

    /// A tensor as float32: straight from the mapped file where it already is, otherwise widened into a new buffer.
    package func view(_ name: String) throws(CheckpointError) -> FloatView {
        let info = try info(name)
        let raw = try bytes(name)
        if info.type == .float32, let base = raw.baseAddress, Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0
        {
            let floats = base.assumingMemoryBound(to: Float.self)
            return FloatView(shape: info.shape, base: floats, owner: file)
        }
        return FloatView(try floats(name))
    }

    /// A tensor as float32 in a buffer of its own. float64 is rounded, half precision widened.
    package func floats(_ name: String) throws(CheckpointError) -> FloatBuffer {
        let info = try info(name)
        let raw = try bytes(name)
        let buffer = FloatBuffer(info.shape)
        guard let base = raw.baseAddress, info.count > 0 else { return buffer }
        switch info.type {
        case .float32: UnsafeMutableRawPointer(buffer.pointer).copyMemory(from: base, byteCount: raw.count)
        case .float16: widenHalf(base, count: info.count, into: buffer.pointer)
        case .bfloat16: widenBFloat(base, count: info.count, into: buffer.pointer)
        case .float64:
            for i in 0..<info.count {
                buffer.pointer[i] = Float(base.loadUnaligned(fromByteOffset: 8 * i, as: Double.self))
            }
        default: throw .unsupportedType(path: path, tensor: name, type: info.type.rawValue)
        }
        return buffer
    }

    /// A tensor of whole numbers, such as labels.
    package func integers(_ name: String) throws(CheckpointError) -> [Int] {
        let info = try info(name)
        let raw = try bytes(name)
        func load<T: FixedWidthInteger>(_ type: T.Type) -> [Int] {
            (0..<info.count).map {
                Int(truncatingIfNeeded: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: type))
            }
        }
        switch info.type {
        case .int64: return load(Int64.self)
        case .int32: return load(Int32.self)
        case .int16: return load(Int16.self)
        case .int8: return load(Int8.self)
        case .uint32: return load(UInt32.self)
        case .uint16: return load(UInt16.self)
        case .uint8, .bool: return load(UInt8.self)
        case .uint64: return load(UInt64.self)
        default: throw .unsupportedType(path: path, tensor: name, type: info.type.rawValue)
        }
    }

    /// A tensor as float64, exactly as stored.
    package func doubles(_ name: String) throws(CheckpointError) -> [Double] {
        let info = try info(name)
        guard info.type == .float64 else { return try floats(name).values.map(Double.init) }
        let raw = try bytes(name)
        return (0..<info.count).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }

    private func info(_ name: String) throws(CheckpointError) -> TensorInfo {
        guard let info = tensors[name] else { throw .missingTensor(path: path, tensor: name) }
        return info
    }
}

package typealias Weights = SafetensorsFile
