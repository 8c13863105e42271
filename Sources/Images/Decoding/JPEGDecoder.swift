import CTurboJPEG

/// JPEG through libturbojpeg: accurate DCT and smooth chroma upsampling, as Pillow decodes.
enum JPEGDecoder {
    /// Decodes to grey for a grey file, to RGB for every other one.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws -> PixelBuffer {
        guard let handle = tjInitDecompress() else {
            throw ImageError.damagedImage(path: path, format: .jpeg, detail: "out of memory")
        }
        defer { tjDestroy(handle) }
        let header = try readHeader(bytes, handle: handle, path: path)
        switch header.colours {
        case .grey:
            let image = PixelBuffer(width: header.width, height: header.height, channels: .grey)
            try decompress(bytes, handle: handle, into: image.pointer, header, format: TJPF_GRAY, path: path)
            return image
        case .rgb:
            let image = PixelBuffer(width: header.width, height: header.height, channels: .rgb)
            try decompress(bytes, handle: handle, into: image.pointer, header, format: TJPF_RGB, path: path)
            return image
        case .cmyk:
            let inks = UnsafeMutablePointer<UInt8>.allocate(capacity: header.width * header.height * 4)
            defer { inks.deallocate() }
            try decompress(bytes, handle: handle, into: inks, header, format: TJPF_CMYK, path: path)
            return mix(inks, width: header.width, height: header.height)
        }
    }

    private enum Colours { case grey, rgb, cmyk }

    private struct Header {
        var width: Int
        var height: Int
        var colours: Colours
    }

    private static func readHeader(
        _ bytes: UnsafeBufferPointer<UInt8>, handle: tjhandle, path: String
    ) throws -> Header {
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = -1
        var colourSpace: Int32 = -1
        let status = tjDecompressHeader3(
            handle, bytes.baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colourSpace)
        // The header call refuses subsamplings it has no name for, after it has set the rest; decoding needs no name.
        if status != 0 && (width < 1 || height < 1 || colourSpace < 0) {
            throw failure(handle, path: path)
        }
        try ImageDecoder.check(width: Int(width), height: Int(height), path: path)
        let colours: Colours =
            switch UInt32(bitPattern: colourSpace) {
            case TJCS_GRAY.rawValue: .grey
            case TJCS_CMYK.rawValue, TJCS_YCCK.rawValue: .cmyk
            default: .rgb
            }
        return Header(width: Int(width), height: Int(height), colours: colours)
    }

    private static func decompress(
        _ bytes: UnsafeBufferPointer<UInt8>, handle: tjhandle, into pixels: UnsafeMutablePointer<UInt8>,
        _ header: Header, format: TJPF, path: String
    ) throws {
        // A progressive file of a few kilobytes can ask for thousands of passes over the whole picture.
        let status = tjDecompress2(
            handle, bytes.baseAddress, UInt(bytes.count), pixels, Int32(header.width), 0, Int32(header.height),
            Int32(format.rawValue), Int32(TJFLAG_LIMITSCANS))
        guard status != 0 else { return }
        let error = failure(handle, path: path)
        if case .truncatedImage = error { throw error }
        // The library goes on after a warning (stray bytes before a marker), and so does Pillow.
        if tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) { return }
        throw error
    }

    private static func failure(_ handle: tjhandle, path: String) -> ImageError {
        let detail = tjGetErrorStr2(handle).map { String(cString: $0) } ?? ""
        if detail.contains("Premature end of JPEG file") || detail.contains("Premature end of input file") {
            return .truncatedImage(path: path, format: .jpeg)
        }
        return .damagedImage(path: path, format: .jpeg, detail: detail)
    }

    /// Inks stored inverted, as Adobe's programs write them and Pillow assumes, to RGB: 255 − k − c · (255 − k) / 255.
    private static func mix(_ inks: UnsafeMutablePointer<UInt8>, width: Int, height: Int) -> PixelBuffer {
        let image = PixelBuffer(width: width, height: height, channels: .rgb)
        for index in 0..<(width * height) {
            let light = Int32(inks[4 * index + 3])
            for channel in 0..<3 {
                let ink = 255 - Int32(inks[4 * index + channel])
                let product = ink * light + 128
                let covered = ((product >> 8) + product) >> 8
                image.pointer[3 * index + channel] = UInt8(clamping: light - covered)
            }
        }
        return image
    }
}
