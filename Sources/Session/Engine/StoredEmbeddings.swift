import Foundation
import Tensor

extension CommandContext {
    /// Embeddings from the cache, or computed and put there.
    mutating func cachedEmbeddings(
        _ key: CacheKey, part: String, compute: (inout CommandContext) throws -> FloatBuffer
    ) throws -> FloatBuffer {
        try cached(key, as: StoredEmbeddings.self, part: part) { context in
            StoredEmbeddings(try compute(&context))
        }.buffer
    }
}

/// Embeddings as they lie in the cache: as bytes, since digits would take three times the room.
private struct StoredEmbeddings: Codable {
    let buffer: FloatBuffer

    private enum Key: CodingKey { case count, width, values }

    init(_ buffer: FloatBuffer) { self.buffer = buffer }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let count = try container.decode(Int.self, forKey: .count)
        let width = try container.decode(Int.self, forKey: .width)
        let data = try container.decode(Data.self, forKey: .values)
        guard count > 0, width > 0, data.count % 4 == 0, data.count / 4 / width == count,
            data.count == count * width * 4
        else {
            throw DecodingError.dataCorruptedError(forKey: .values, in: container, debugDescription: "another size")
        }
        let buffer = FloatBuffer([count, width])
        data.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress {
                UnsafeMutableRawPointer(buffer.pointer).copyMemory(from: base, byteCount: bytes.count)
            }
        }
        self.buffer = buffer
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(buffer.shape[0], forKey: .count)
        try container.encode(buffer.rowCount, forKey: .width)
        try container.encode(
            Data(bytes: buffer.pointer, count: buffer.count * MemoryLayout<Float>.stride), forKey: .values)
    }
}
