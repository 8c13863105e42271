import Synchronization

/// What was typed while something else was read from the keyboard; the next line begins with it.
enum TypedAhead {
    private static let bytes = Mutex<[UInt8]>([])

    static func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    static func take() -> String {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
