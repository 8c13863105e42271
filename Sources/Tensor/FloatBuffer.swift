import Foundation

/// Owned float32 storage with a shape, aligned to 64 bytes, row-major.
///
/// A buffer is shared by reference. Threads may write to it at the same time as long as they write to different rows.
package final class FloatBuffer: @unchecked Sendable {
    package let shape: [Int]
    package let count: Int
    package let pointer: UnsafeMutablePointer<Float>

    /// Uninitialised storage of the given shape.
    package init(_ shape: [Int]) {
        self.shape = shape
        count = shape.reduce(1, *)
        let bytes = (Swift.max(count, 1) * MemoryLayout<Float>.stride + 63) / 64 * 64
        pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    }

    package convenience init(_ shape: [Int], filledWith value: Float) {
        self.init(shape)
        pointer.update(repeating: value, count: count)
    }

    package convenience init(_ shape: [Int], _ values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "values must fill the shape")
        self.init(shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: count) }
        }
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// The number of elements in one entry of the first axis.
    package var rowCount: Int { shape.dropFirst().reduce(1, *) }

    package var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    package func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * rowCount }
}

/// Read-only float32 values that live somewhere else: in a memory-mapped file or in a `FloatBuffer`.
///
/// The view keeps the storage alive.
package struct FloatView: @unchecked Sendable {
    package let shape: [Int]
    package let base: UnsafePointer<Float>
    /// What keeps the values alive.
    package let storage: AnyObject

    package init(shape: [Int], base: UnsafePointer<Float>, owner: AnyObject) {
        self.shape = shape
        self.base = base
        storage = owner
    }

    package init(_ buffer: FloatBuffer) {
        self.init(shape: buffer.shape, base: UnsafePointer(buffer.pointer), owner: buffer)
    }

    package var count: Int { shape.reduce(1, *) }

    package var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// The entries `range` of the first axis, without copying.
    package func rows(_ range: Range<Int>) -> FloatView {
        let stride = shape.dropFirst().reduce(1, *)
        return FloatView(
            shape: [range.count] + shape.dropFirst(), base: base + range.lowerBound * stride, owner: storage)
    }

    /// The entries `indices` of the first axis, copied in that order.
    package func gatheringRows(_ indices: [Int]) -> FloatView {
        let stride = shape.dropFirst().reduce(1, *)
        let result = FloatBuffer([indices.count] + shape.dropFirst())
        for (row, index) in indices.enumerated() {
            (result.pointer + row * stride).update(from: base + index * stride, count: stride)
        }
        return FloatView(result)
    }

    /// The columns `indices` of a matrix (rows, columns), copied in that order.
    package func gatheringColumns(_ indices: [Int]) -> FloatView {
        let rows = shape[0]
        let columns = shape[1]
        let result = FloatBuffer([rows, indices.count])
        for row in 0..<rows {
            let source = base + row * columns
            let target = result.pointer + row * indices.count
            for (column, index) in indices.enumerated() { target[column] = source[index] }
        }
        return FloatView(result)
    }

    /// The first index whose value is not finite, if any.
    package var firstNonFinite: Int? {
        let n = count
        var start = 0
        while start < n {
            let end = Swift.min(start + 4096, n)
            // All exponent bits set: infinite or not a number. Counted without branches, so that the loop vectorises.
            var found: UInt32 = 0
            for i in start..<end { found |= (base[i].bitPattern & 0x7F80_0000) == 0x7F80_0000 ? 1 : 0 }
            if found != 0 {
                for i in start..<end where !base[i].isFinite { return i }
            }
            start = end
        }
        return nil
    }
}
