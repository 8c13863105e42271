/// The bytes of a pickle, read one after another inside their bounds.
struct PickleReader {
    let path: String
    let bytes: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    func malformed(_ reason: String) -> CheckpointError { .malformedPickle(path: path, reason: reason) }

    mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
        guard count >= 0, bytes.count - place >= count else { throw malformed("it ends in the middle") }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<(place + count)])
    }

    mutating func byte() throws(CheckpointError) -> UInt8 { try take(1)[0] }

    /// A whole number without sign of up to 8 bytes.
    mutating func number(_ size: Int) throws(CheckpointError) -> Int {
        var value: UInt64 = 0
        for (index, byte) in try take(size).enumerated() { value |= UInt64(byte) << (8 * index) }
        guard let value = Int(exactly: value) else { throw malformed("it announces more bytes than there are") }
        return value
    }

    /// A whole number in two's complement of any length.
    mutating func long(_ size: Int) throws(CheckpointError) -> PickleValue {
        let raw = try take(size)
        guard raw.count <= 8 else { return .plain }
        var value: Int = raw.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in raw.reversed() { value = value << 8 | Int(byte) }
        return .int(value)
    }

    /// Up to the end of the line.
    mutating func line() throws(CheckpointError) -> String {
        guard let end = bytes[place...].prefix(1024).firstIndex(of: UInt8(ascii: "\n")) else {
            throw malformed("it names a class without an end")
        }
        defer { place = end + 1 }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }
}
