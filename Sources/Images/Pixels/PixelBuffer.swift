/// 8-bit pixels, interleaved: (height, width, channels), with 1 channel (grey) or 3 (red, green, blue).
///
/// Filled once by whoever makes it, never changed afterwards: it may be read from any thread.
package final class PixelBuffer: @unchecked Sendable {
    package let width: Int
    package let height: Int
    package let channels: PixelChannels
    /// `height * width * channels` bytes, rows without padding.
    let pointer: UnsafeMutablePointer<UInt8>

    /// Allocates the pixels without setting them. The caller has checked the sizes against `PixelBuffer.limit`.
    init(width: Int, height: Int, channels: PixelChannels) {
        precondition(width > 0 && height > 0)
        self.width = width
        self.height = height
        self.channels = channels
        pointer = .allocate(capacity: width * height * channels.rawValue)
    }

    deinit { pointer.deallocate() }

    /// The largest number of pixels of a picture: where Pillow refuses as well (twice its `MAX_IMAGE_PIXELS`).
    package static let limit = 178_956_970

    package var count: Int { width * height * channels.rawValue }
    package var size: PixelSize { PixelSize(height: height, width: width) }
    package var bytesPerRow: Int { width * channels.rawValue }

    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: pointer, count: count))
    }

    /// A buffer with the given bytes; nil when their number is not `height * width * channels` or a size is not positive.
    package convenience init?(width: Int, height: Int, channels: PixelChannels, bytes: [UInt8]) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, pixels <= Self.limit, bytes.count == pixels * channels.rawValue else {
            return nil
        }
        self.init(width: width, height: height, channels: channels)
        bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }
}

/// How many values a pixel has; a model takes one of the two.
package enum PixelChannels: Int, Hashable, Codable, Sendable {
    case grey = 1
    case rgb = 3
}
