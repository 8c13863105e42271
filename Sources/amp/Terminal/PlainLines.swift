import CEditline
import Glibc

/// The lines of a file or a pipe, each handed on as soon as it is there.
final class PlainLines {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var consumed = 0
    private var ended = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    func next() -> LineEditor.Reading {
        var searched = consumed
        while true {
            if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) { return take(upTo: end, skipping: 1) }
            guard !ended else { return consumed < pending.count ? take(upTo: pending.count, skipping: 0) : .endOfFile }
            pending.removeFirst(consumed)
            consumed = 0
            searched = pending.count
            switch signals_wait(descriptor) {
            case EDITLINE_INTERRUPTED: return .interrupted
            case EDITLINE_TERMINATED: return .endOfFile
            default: fill()
            }
        }
    }

    private func take(upTo end: Int, skipping ending: Int) -> LineEditor.Reading {
        var line = pending[consumed..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        consumed = end + ending
        return .line(String(decoding: line, as: UTF8.self))
    }

    private func fill() {
        let room = 1 << 16
        let start = pending.count
        pending.append(contentsOf: repeatElement(0, count: room))
        let count = pending.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: start), room) }
        let failure = errno
        pending.removeLast(room - max(0, count))
        if count == 0 || (count < 0 && failure != EINTR && failure != EAGAIN) { ended = true }
    }
}
