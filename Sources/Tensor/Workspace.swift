/// Scratch buffers that threads borrow and give back, so that large blocks are not mapped and unmapped for each use.
package final class WorkspacePool: Sendable {
    private let free = Locked<[FloatBuffer]>([])

    package init() {}

    /// Lends at least `count` floats, uninitialised, for the duration of `body`.
    package func borrow<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result) rethrows -> Result {
        let buffer =
            free.withLock { buffers in
                buffers.firstIndex { $0.count >= count }.map { buffers.remove(at: $0) }
            } ?? FloatBuffer([count])
        defer {
            free.withLock { buffers in
                // Too small for the work of today: let it go rather than keep one of each size.
                buffers.removeAll { $0.count < count }
                buffers.append(buffer)
            }
        }
        return try body(buffer.pointer)
    }
}
