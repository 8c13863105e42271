/// Reads whole numbers, least significant byte first, inside the bounds of some bytes.
struct LittleEndian {
    let bytes: UnsafeRawBufferPointer

    /// The number at a place; nil where it is not all inside, or more than an `Int` holds.
    func integer<Number: FixedWidthInteger>(at place: Int, as type: Number.Type) -> Int? {
        guard place >= 0, bytes.count - place >= MemoryLayout<Number>.size else { return nil }
        return Int(exactly: Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: type)))
    }

    /// Whether the four bytes at a place are that mark.
    func has(_ mark: UInt32, at place: Int) -> Bool { integer(at: place, as: UInt32.self) == Int(mark) }
}
