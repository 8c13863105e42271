import Foundation
import Synchronization

/// What any thread has left to be sent, and a pipe that wakes the thread that sends.
final class Outbox: Sendable {
    typealias Item = (channel: Channel, frames: [Data])

    private let items = Mutex<[Item]>([])
    private let ends: (read: CInt, write: CInt)

    /// Can be read while something is there.
    var descriptor: CInt { ends.read }

    /// nil where the process has no descriptors left.
    init?() {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    func put(_ channel: Channel, _ frames: [Data]) {
        items.withLock { $0.append((channel, frames)) }
        wake()
    }

    func wake() {
        // A pipe that is full wakes as well.
        _ = write(ends.write, [0], 1)
    }

    func takeAll() -> [Item] {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(ends.read, &bytes, bytes.count) == bytes.count {}
        return items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
