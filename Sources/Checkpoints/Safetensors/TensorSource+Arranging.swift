import Foundation

// The same values under other names, in other pieces. Nothing is read before the new tensor's bytes are asked for.
extension TensorSource {
    /// The same bytes, named otherwise, perhaps with axes of size 1 more or fewer.
    package func renamed(_ name: String, shape: [Int]? = nil) -> TensorSource {
        let shape = shape ?? self.shape
        precondition(shape.reduce(1, *) == self.shape.reduce(1, *), "another name does not change the values")
        return TensorSource(name: name, type: type, shape: shape, produce: produce)
    }

    /// Some rows along the first axis.
    package func rows(_ range: Range<Int>) -> TensorSource {
        if range == 0..<shape[0] { return self }
        let stride = shape.dropFirst().reduce(type.size, *)
        let wanted = (range.lowerBound * stride)..<(range.upperBound * stride)
        return TensorSource(name: name, type: type, shape: [range.count] + shape.dropFirst()) { write in
            var first = 0
            try produce { bytes in
                let own = wanted.clamped(to: first..<(first + bytes.count))
                if !own.isEmpty {
                    try write(
                        UnsafeRawBufferPointer(rebasing: bytes[(own.lowerBound - first)..<(own.upperBound - first)]))
                }
                first += bytes.count
            }
        }
    }

    /// Tensors of one type and of equal rows, one below the other.
    package static func stacked(_ parts: [TensorSource], name: String) -> TensorSource {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.type == parts[0].type }, "a tensor has one type")
        if parts.count == 1 { return parts[0].renamed(name) }
        let rows = parts.reduce(0) { $0 + $1.shape[0] }
        return TensorSource(name: name, type: parts[0].type, shape: [rows] + parts[0].shape.dropFirst()) { write in
            for part in parts { try part.produce(write) }
        }
    }

    /// Rows as columns: (n, m) → (m, n).
    package func transposed() -> TensorSource {
        let (rows, columns, size) = (shape[0], shape[1], type.size)
        return TensorSource(name: name, type: type, shape: [columns, rows]) { write in
            let bytes = try content()
            var line = [UInt8](repeating: 0, count: rows * size)
            for column in 0..<columns {
                for row in 0..<rows {
                    for byte in 0..<size { line[row * size + byte] = bytes[(row * columns + column) * size + byte] }
                }
                try line.withUnsafeBytes(write)
            }
        }
    }

    package static func zeros(name: String, type: ElementType, shape: [Int]) -> TensorSource {
        TensorSource(name: name, type: type, shape: shape) { write in
            try [UInt8](repeating: 0, count: shape.reduce(type.size, *)).withUnsafeBytes(write)
        }
    }

    /// Whether nothing but zeros is in it.
    package func isZero() throws -> Bool { try content().allSatisfy { $0 == 0 } }

    private func content() throws -> Data {
        var content = Data(capacity: byteCount)
        try produce { content.append(contentsOf: $0) }
        return content
    }
}
