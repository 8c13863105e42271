import Foundation

/// A socket that peers connect to. Like all of libzmq's it is used from one thread at a time.
final class ZeroMQSocket {
    /// By libzmq's numbers.
    enum Kind: CInt {
        case publish = 1
        case reply = 4
        case router = 6
    }

    private enum Option: CInt {
        case linger = 17
        case largestFrame = 22
        case handover = 56
    }

    private enum Flag {
        static let dontWait: CInt = 1
        static let more: CInt = 2
    }

    /// Frames of one message that are read; signed messages have six and those that say to whom.
    static let mostFrames = 64
    /// Bytes of one message that are read; a longer one is thrown away.
    static let mostBytes = 16 << 20

    let handle: ZeroMQLibrary.Handle
    private let library: ZeroMQLibrary

    /// Binds to an endpoint such as `tcp://127.0.0.1:5555`; nil where that fails, see `ZeroMQLibrary.failure`.
    init?(_ kind: Kind, at endpoint: String, in context: ZeroMQLibrary.Handle, of library: ZeroMQLibrary) {
        guard let handle = library.newSocket(context, kind.rawValue) else { return nil }
        self.handle = handle
        self.library = library
        // What was sent last gets a second to leave before the process ends.
        set(.linger, CInt(1000))
        // A peer that sends more loses its connection, before the memory is taken.
        set(.largestFrame, Int64(4 * Self.mostBytes))
        // A client that comes back under its old identity is not turned away.
        if kind == .router { set(.handover, CInt(1)) }
        guard library.bind(handle, endpoint) == 0 else { return nil }
    }

    deinit { _ = library.close(handle) }

    private func set<Value: FixedWidthInteger>(_ option: Option, _ value: Value) {
        withUnsafeBytes(of: value) { bytes in
            if let start = bytes.baseAddress { _ = library.setOption(handle, option.rawValue, start, bytes.count) }
        }
    }

    /// The frames of the next message; nil where none is waiting.
    func receive() -> Result<[Data], MessageFault>? {
        var frames: [Data] = []
        var (count, bytes) = (0, 0)
        while true {
            guard let (frame, isFollowed) = receiveFrame() else {
                // A message comes whole or not at all.
                return count == 0 ? nil : .failure(.missingFrames(found: count))
            }
            count += 1
            bytes += frame.count
            if count <= Self.mostFrames, bytes <= Self.mostBytes { frames.append(frame) } else { frames = [] }
            guard !isFollowed else { continue }
            if count > Self.mostFrames { return .failure(.tooManyFrames(count)) }
            return bytes > Self.mostBytes ? .failure(.oversized(bytes: bytes)) : .success(frames)
        }
    }

    private func receiveFrame() -> (frame: Data, isFollowed: Bool)? {
        let message = ZeroMQLibrary.Handle.allocate(byteCount: ZeroMQLibrary.frameSize, alignment: 8)
        defer { message.deallocate() }
        guard library.openFrame(message) == 0 else { return nil }
        defer { _ = library.closeFrame(message) }
        var count: CInt
        repeat {
            count = library.receiveFrame(message, handle, Flag.dontWait)
        } while count < 0 && library.errorNumber() == EINTR
        guard count >= 0 else { return nil }
        let frame = library.frameData(message).map { Data(bytes: $0, count: library.frameCount(message)) } ?? Data()
        return (frame, library.frameIsFollowed(message) != 0)
    }

    /// Sends one message; one that nobody can take any more is lost.
    func send(_ frames: [Data]) {
        for (index, frame) in frames.enumerated() {
            let flags = Flag.dontWait | (index < frames.count - 1 ? Flag.more : 0)
            var sent: CInt
            repeat {
                sent = frame.withUnsafeBytes { library.send(handle, $0.baseAddress, $0.count, flags) }
            } while sent < 0 && library.errorNumber() == EINTR
            guard sent >= 0 else { return }
        }
    }
}
