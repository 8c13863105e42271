import CPNG

extension PixelBuffer {
    /// The picture as a PNG file; nil where there is no memory for it.
    package var png: [UInt8]? {
        let (across, down, samples) = (UInt32(width), UInt32(height), UInt32(channels.rawValue))
        var size = 0
        guard cpng_write(pointer, across, down, samples, nil, &size) == CPNGStatusRead else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard cpng_write(pointer, across, down, samples, &bytes, &size) == CPNGStatusRead else { return nil }
        return Array(bytes.prefix(size))
    }
}
