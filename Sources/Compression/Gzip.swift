import CZlib

/// Reading gzip streams.
package enum Gzip {
    package static let signature: [UInt8] = [0x1F, 0x8B]
    /// Deflate can't make more of a byte than this.
    private static let largestRatio = 1032

    /// A stream that can't be read to its end.
    package enum Damage: Error, Hashable, Sendable {
        /// The stored bytes end before the stream does.
        case truncated
        /// The stream or its checksum is wrong.
        case broken
    }

    /// The first `limit` bytes of the content (fewer when it ends before); checksums are checked where the end is reached.
    /// - Throws: `Gzip.Damage`.
    package static func inflate(_ stored: [UInt8], limit: Int) throws -> [UInt8] {
        var stream = z_stream()
        // 16 asks for gzip's header, 15 for the largest window.
        guard
            inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw Damage.broken }
        defer { inflateEnd(&stream) }
        // A header may promise anything: room is made for no more than the stored bytes can hold.
        let capacity = min(limit, stored.count * largestRatio + 1024)
        return try stored.withUnsafeBufferPointer { source in
            try [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                var taken = 0
                while count < capacity {
                    let given = min(source.count - taken, 1 << 30)
                    let room = min(capacity - count, 1 << 30)
                    stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + taken })
                    stream.avail_in = UInt32(given)
                    stream.next_out = output.baseAddress.map { $0 + count }
                    stream.avail_out = UInt32(room)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    let (consumed, made) = (given - Int(stream.avail_in), room - Int(stream.avail_out))
                    taken += consumed
                    count += made
                    if status == Z_STREAM_END {
                        // A gzip file may be several streams in a row.
                        guard source[taken...].starts(with: signature) else { return }
                        inflateReset(&stream)
                    } else if status != Z_OK || (consumed == 0 && made == 0) {
                        throw status == Z_BUF_ERROR || status == Z_OK ? Damage.truncated : Damage.broken
                    }
                }
            }
        }
    }
}
