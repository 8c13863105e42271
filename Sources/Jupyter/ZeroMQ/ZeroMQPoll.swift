import Foundation

/// Waits until a socket has a message or a descriptor can be read.
struct ZeroMQPoll {
    /// As libzmq lays out `zmq_pollitem_t`.
    private struct Item {
        var socket: ZeroMQLibrary.Handle?
        var descriptor: CInt
        var events: CShort
        var found: CShort = 0
    }

    private static let canBeRead: CShort = 1
    private var items: [Item]
    private let library: ZeroMQLibrary

    init(_ sockets: [ZeroMQSocket], descriptor: CInt, of library: ZeroMQLibrary) {
        items =
            sockets.map { Item(socket: $0.handle, descriptor: 0, events: Self.canBeRead) }
            + [Item(socket: nil, descriptor: descriptor, events: Self.canBeRead)]
        self.library = library
    }

    mutating func wait(milliseconds: Int) {
        let library = library
        items.withUnsafeMutableBytes { bytes in
            let count = bytes.count / MemoryLayout<Item>.stride
            _ = library.poll(bytes.baseAddress, CInt(count), CLong(milliseconds))
        }
    }
}
