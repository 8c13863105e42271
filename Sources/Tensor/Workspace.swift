/// Scratch buffers that threads borrow and give back, so that large blocks are not mapped and unmapped for each use.
package final class WorkspacePool: Sendable {
    private let free = Locked<[FloatBuffer]>([])

    package init() {}

    /// Lends at least `count` floats, uninitialised, for the duration of `body`.
    package func borrow<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result) rethrows -> Result
    {
        let buffer = free.withLock { take(count, from: &$0) } ?? FloatBuffer([count])
        defer { free.withLock { $0.append(buffer) } }
        return try body(buffer.pointer)
    }

    /// The smallest buffer that is large enough. Where none is, one that is too small gives way to the new one, so that
    /// the pool holds no more buffers than were ever lent at the same time.
    private func take(_ count: Int, from buffers: inout [FloatBuffer]) -> FloatBuffer? {
        var best: Int?
        for (index, buffer) in buffers.enumerated() where buffer.count >= count {
            if best.map({ buffer.count < buffers[$0].count }) ?? true { best = index }
        }
        if let best { return buffers.remove(at: best) }
        if !buffers.isEmpty { buffers.removeLast() }
        return nil
    }
}
