import Foundation

/// Where the elements of a tensor lie in a mapped file. All of it was checked to lie inside the file.
struct TensorPlace: Sendable {
    let info: TensorInfo
    let file: MappedFile
    /// The byte of the first element.
    let start: Int
    /// Elements from one entry to the next along each axis; nil for row-major without gaps.
    let strides: [Int]?

    init(_ info: TensorInfo, in file: MappedFile, start: Int, strides: [Int]? = nil) {
        self.info = info
        self.file = file
        self.start = start
        // Nothing is ever stepped over along an axis of one entry: its stride may be any number at all.
        let steps = strides.map { zip(info.shape, $0).map { size, stride in size == 1 ? 0 : stride } }
        self.strides = steps.flatMap { Self.areRowMajor($0, shape: info.shape) ? nil : $0 }
    }

    /// The bytes as they lie in the file; nil where they are not row-major.
    var inPlace: StoredTensor? {
        guard strides == nil else { return nil }
        return StoredTensor(
            info: info, bytes: UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + byteCount)]), owner: file)
    }

    private var byteCount: Int { info.count * info.type.size }

    /// The elements brought into row-major order, in memory of their own.
    func gathered() -> StoredTensor {
        let target = OwnedBytes(count: byteCount)
        if let strides, info.count > 0 {
            switch info.type.size {
            case 1: gather(strides, into: target.pointer, as: UInt8.self)
            case 2: gather(strides, into: target.pointer, as: UInt16.self)
            case 4: gather(strides, into: target.pointer, as: UInt32.self)
            default: gather(strides, into: target.pointer, as: UInt64.self)
            }
        }
        return StoredTensor(
            info: info, bytes: UnsafeRawBufferPointer(start: target.pointer, count: byteCount), owner: target)
    }

    /// Walks the axes like the digits of a counter, the last one in the inner loop.
    private func gather<Element: FixedWidthInteger>(
        _ strides: [Int], into target: UnsafeMutableRawPointer, as type: Element.Type
    ) {
        guard let base = file.bytes.baseAddress else { return }
        let size = MemoryLayout<Element>.size
        let shape = info.shape.isEmpty ? [1] : info.shape
        let steps = info.shape.isEmpty ? [1] : strides
        let last = shape.count - 1
        var digits = [Int](repeating: 0, count: shape.count)
        var source = start
        var place = 0
        while true {
            for index in 0..<shape[last] {
                let value = base.loadUnaligned(fromByteOffset: source + index * steps[last] * size, as: Element.self)
                target.storeBytes(of: value, toByteOffset: place, as: Element.self)
                place += size
            }
            var axis = last - 1
            while axis >= 0 {
                digits[axis] += 1
                source += steps[axis] * size
                if digits[axis] < shape[axis] { break }
                source -= digits[axis] * steps[axis] * size
                digits[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }

    /// Whether elements follow one another in the order of the last axis first. Axes of one entry may stride as they like.
    private static func areRowMajor(_ strides: [Int], shape: [Int]) -> Bool {
        if shape.contains(0) { return true }
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }
}

/// Memory that is given back with its last reference.
private final class OwnedBytes: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init(count: Int) { pointer = .allocate(byteCount: max(count, 1), alignment: 64) }
    deinit { pointer.deallocate() }
}
