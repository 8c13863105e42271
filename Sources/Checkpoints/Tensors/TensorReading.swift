import Tensor

/// A tensor's bytes, row-major and without gaps, and what keeps them alive.
package struct StoredTensor: @unchecked Sendable {
    let info: TensorInfo
    let bytes: UnsafeRawBufferPointer
    let owner: AnyObject
}

/// Named tensors on disk and the ways to read their values.
package protocol TensorReading: Sendable {
    var path: String { get }
    var tensors: [String: TensorInfo] { get }
    /// All names, in an order that is the same in every run.
    var names: [String] { get }
    func stored(_ name: String) throws(CheckpointError) -> StoredTensor
}

extension TensorReading {
    /// The raw bytes of a tensor, row-major and without gaps. They are there as long as the reader is.
    package func bytes(_ name: String) throws(CheckpointError) -> UnsafeRawBufferPointer { try stored(name).bytes }

    /// A tensor as float32: straight from the mapped file where it already is, otherwise widened into a new buffer.
    package func view(_ name: String) throws(CheckpointError) -> FloatView {
        let tensor = try stored(name)
        if tensor.info.type == .float32, let base = tensor.bytes.baseAddress,
            Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0
        {
            let floats = base.assumingMemoryBound(to: Float.self)
            return FloatView(shape: tensor.info.shape, base: floats, owner: tensor.owner)
        }
        return FloatView(try floats(name))
    }

    /// A tensor as float32 in a buffer of its own. float64 is rounded, half precision widened.
    package func floats(_ name: String) throws(CheckpointError) -> FloatBuffer {
        let tensor = try stored(name)
        let (info, raw) = (tensor.info, tensor.bytes)
        guard info.type.isComputable else { throw unsupported(name, info) }
        let buffer = FloatBuffer(info.shape)
        guard let base = raw.baseAddress, info.count > 0 else { return buffer }
        switch info.type {
        case .float16: widenHalf(base, count: info.count, into: buffer.pointer)
        case .bfloat16: widenBFloat(base, count: info.count, into: buffer.pointer)
        case .float64:
            for i in 0..<info.count {
                buffer.pointer[i] = Float(base.loadUnaligned(fromByteOffset: 8 * i, as: Double.self))
            }
        default: UnsafeMutableRawPointer(buffer.pointer).copyMemory(from: base, byteCount: raw.count)
        }
        return buffer
    }

    /// A tensor of whole numbers, such as labels.
    package func integers(_ name: String) throws(CheckpointError) -> [Int] {
        let tensor = try stored(name)
        func load<T: FixedWidthInteger>(_ type: T.Type) -> [Int] {
            (0..<tensor.info.count).map {
                Int(truncatingIfNeeded: tensor.bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: type))
            }
        }
        switch tensor.info.type {
        case .int64: return load(Int64.self)
        case .int32: return load(Int32.self)
        case .int16: return load(Int16.self)
        case .int8: return load(Int8.self)
        case .uint32: return load(UInt32.self)
        case .uint16: return load(UInt16.self)
        case .uint8, .bool: return load(UInt8.self)
        case .uint64: return load(UInt64.self)
        default: throw unsupported(name, tensor.info)
        }
    }

    /// A tensor as float64, exactly as stored.
    package func doubles(_ name: String) throws(CheckpointError) -> [Double] {
        let tensor = try stored(name)
        guard tensor.info.type == .float64 else { return try floats(name).values.map(Double.init) }
        return (0..<tensor.info.count).map {
            tensor.bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)
        }
    }

    private func unsupported(_ name: String, _ info: TensorInfo) -> CheckpointError {
        .unsupportedType(path: path, tensor: name, type: info.type.rawValue)
    }
}
