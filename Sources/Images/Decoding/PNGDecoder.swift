import CPNG

/// PNG through libpng: every colour type and depth, interlaced or not.
enum PNGDecoder {
    /// Decodes to grey for a grey file, to RGB for colours and palettes.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws -> PixelBuffer {
        var header = CPNGHeader()
        var message = CPNGMessage()
        try check(cpng_read_header(bytes.baseAddress, bytes.count, &header, &message), message, path: path)
        let width = Int(header.width)
        let height = Int(header.height)
        try ImageDecoder.check(width: width, height: height, path: path)
        let samples = UnsafeMutablePointer<UInt8>.allocate(capacity: header.bytes_per_row * height)
        defer { samples.deallocate() }
        try check(
            cpng_read_pixels(bytes.baseAddress, bytes.count, &header, samples, &message), message, path: path)
        switch header.layout {
        case CPNGLayoutPalette: return look(up: samples, header, width: width, height: height)
        case CPNGLayoutGrey16: return clip(samples, width: width, height: height)
        default:
            let image = PixelBuffer(
                width: width, height: height, channels: header.layout == CPNGLayoutRGB8 ? .rgb : .grey)
            image.pointer.update(from: samples, count: image.count)
            return image
        }
    }

    private static func check(_ status: CPNGStatus, _ message: CPNGMessage, path: String) throws {
        switch status {
        case CPNGStatusRead: return
        case CPNGStatusTruncated: throw ImageError.truncatedImage(path: path, format: .png)
        default:
            let detail = withUnsafeBytes(of: message.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw ImageError.damagedImage(path: path, format: .png, detail: detail)
        }
    }

    /// Palette indices to colours; an index past the palette is black.
    private static func look(
        up samples: UnsafeMutablePointer<UInt8>, _ header: CPNGHeader, width: Int, height: Int
    ) -> PixelBuffer {
        let image = PixelBuffer(width: width, height: height, channels: .rgb)
        withUnsafeBytes(of: header.palette) { palette in
            for index in 0..<(width * height) {
                let entry = 3 * Int(samples[index])
                image.pointer[3 * index] = palette[entry]
                image.pointer[3 * index + 1] = palette[entry + 1]
                image.pointer[3 * index + 2] = palette[entry + 2]
            }
        }
        return image
    }

    /// 16-bit grey, high byte first, clipped at 255.
    private static func clip(
        _ samples: UnsafeMutablePointer<UInt8>, width: Int, height: Int
    ) -> PixelBuffer {
        let image = PixelBuffer(width: width, height: height, channels: .grey)
        for index in 0..<(width * height) {
            image.pointer[index] = samples[2 * index] == 0 ? samples[2 * index + 1] : 255
        }
        return image
    }
}
