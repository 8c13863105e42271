/// The float value of every pixel value in each channel: rescaled, less the mean, over the deviation.
///
/// Computed once for as many pictures as there are.
struct PixelValues: Sendable {
    private let size: PixelSize
    private let channels: PixelChannels
    /// (channels, 256)
    private let table: [Float]

    init(_ preprocessing: Preprocessing) {
        size = preprocessing.size
        channels = preprocessing.channels
        // Rescaled in double precision, the rest in single, as numpy does it.
        table = zip(preprocessing.mean, preprocessing.std).flatMap { mean, std in
            (0..<256).map { (Float(Double($0) * preprocessing.rescale) - Float(mean)) / Float(std) }
        }
    }

    /// Writes a prepared picture, planar: (C, H, W).
    func write(_ prepared: PixelBuffer, isMirrored: Bool = false, into target: UnsafeMutablePointer<Float>) {
        precondition(prepared.size == size && prepared.channels == channels)
        let (width, samples) = (size.width, channels.rawValue)
        table.withUnsafeBufferPointer { table in
            for channel in 0..<samples {
                let values = UnsafeBufferPointer(rebasing: table[(256 * channel)..<(256 * channel + 256)])
                for row in 0..<size.height {
                    let source = prepared.pointer + row * prepared.bytesPerRow + channel
                    let output = target + (channel * size.height + row) * width
                    if isMirrored {
                        for x in 0..<width { output[x] = values[Int(source[(width - 1 - x) * samples])] }
                    } else {
                        for x in 0..<width { output[x] = values[Int(source[x * samples])] }
                    }
                }
            }
        }
    }
}
