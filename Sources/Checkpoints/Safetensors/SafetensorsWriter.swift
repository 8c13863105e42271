import Foundation

/// One tensor to be written: its place in the header, and its bytes when their turn comes.
package struct TensorSource {
    package let name: String
    package let type: ElementType
    package let shape: [Int]
    /// Calls its argument with the tensor's bytes, in order, in as many pieces as it likes.
    let produce: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

    package init(
        name: String, type: ElementType, shape: [Int],
        produce: @escaping (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) {
        self.name = name
        self.type = type
        self.shape = shape
        self.produce = produce
    }

    package init(name: String, shape: [Int], floats: [Float]) {
        self.init(name: name, type: .float32, shape: shape) { write in try floats.withUnsafeBytes(write) }
    }

    package var byteCount: Int { shape.reduce(type.size, *) }
}

/// Writes safetensors files: the header first, then the tensors' bytes in the order given.
package enum SafetensorsWriter {
    /// Writes `tensors` into an open staged file.
    package static func write(_ tensors: [TensorSource], metadata: [String: String]?, to file: StagedFile) throws {
        var header = JSON.object([:])
        if let metadata { header["__metadata__"] = .object(metadata.mapValues(JSON.string)) }
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.byteCount
            header[tensor.name] = .object([
                "dtype": .string(tensor.type.rawValue),
                "shape": .array(tensor.shape.map { .number(Double($0)) }),
                "data_offsets": .array([.number(Double(offset)), .number(Double(end))]),
            ])
            offset = end
        }
        var json = header.encoded()
        // Padded with spaces so that the data begin at a multiple of 8.
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        try file.write(length)
        try file.write(json)
        for tensor in tensors {
            var written = 0
            try tensor.produce { bytes in
                written += bytes.count
                try file.write(bytes)
            }
            precondition(written == tensor.byteCount, "a tensor's bytes must fill its shape")
        }
    }
}
