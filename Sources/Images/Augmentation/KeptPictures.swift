import Tensor

/// Decoded pictures that stay in memory, by their position: those that come first, as many as fit.
final class KeptPictures: Sendable {
    private struct Content {
        var pictures: [Int: PixelBuffer] = [:]
        var bytes = 0
    }

    private let content = Locked(Content())
    private let limit: Int

    /// - Parameter limit: bytes of pixels
    init(limit: Int) { self.limit = limit }

    var bytes: Int { content.withLock { $0.bytes } }

    /// The picture that is kept, else the one that is made now.
    func picture(_ index: Int, make: () throws -> PixelBuffer) rethrows -> PixelBuffer {
        guard limit > 0 else { return try make() }
        if let kept = content.withLock({ $0.pictures[index] }) { return kept }
        // Made outside the lock: others may read meanwhile.
        let picture = try make()
        content.withLock { content in
            guard content.pictures[index] == nil, picture.count <= limit - content.bytes else { return }
            content.pictures[index] = picture
            content.bytes += picture.count
        }
        return picture
    }
}
