/// Decodes a picture to the pixels Pillow's `Image.open(file).convert("RGB")` (or `"L"`) has.
///
/// - Alpha and `tRNS` are dropped, not blended. Palette entries that are missing are black.
/// - 16-bit colours keep their high byte; 16-bit grey without alpha is clipped at 255, as Pillow's conversion does
///   (so such pictures come out mostly white; rescale them beforehand).
/// - Gamma, colour profiles and the EXIF orientation are not applied.
package enum ImageDecoder {
    /// The largest picture file that is read, in bytes.
    package static let fileLimit = 1 << 30
    /// The longest side of a picture; the number of pixels is bounded by `PixelBuffer.limit`.
    package static let sideLimit = 1_000_000

    /// Decodes the file at `path`.
    /// - Throws: `ImageError` with the path.
    package static func decode(path: String, channels: PixelChannels) throws -> PixelBuffer {
        let file = try OpenFile(path: path)
        let leading = try file.read(upTo: 8)
        guard ImageFormat(leading: leading) != nil else { throw ImageError.notAnImage(path: path, leading: leading) }
        guard file.size <= fileLimit else {
            throw ImageError.fileTooLarge(path: path, bytes: file.size, limit: fileLimit)
        }
        return try decode(leading + file.readRest(), path: path, channels: channels)
    }

    /// Decodes a picture in memory; `path` only names it in errors.
    package static func decode(_ bytes: [UInt8], path: String, channels: PixelChannels) throws -> PixelBuffer {
        try bytes.withUnsafeBufferPointer { buffer in
            guard let format = ImageFormat(leading: buffer) else {
                throw ImageError.notAnImage(path: path, leading: Array(buffer.prefix(8)))
            }
            let native =
                switch format {
                case .jpeg: try JPEGDecoder.decode(buffer, path: path)
                case .png: try PNGDecoder.decode(buffer, path: path)
                }
            return native.converted(to: channels)
        }
    }

    /// Checks the sizes a header claims before anything is allocated for them.
    static func check(width: Int, height: Int, path: String) throws {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, pixels <= PixelBuffer.limit, max(width, height) <= sideLimit else {
            throw ImageError.tooManyPixels(path: path, width: width, height: height, limit: PixelBuffer.limit)
        }
    }
}
