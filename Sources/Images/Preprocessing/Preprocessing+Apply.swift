extension Preprocessing {
    /// Resizes and crops a picture: 8-bit pixels of `size` with `channels`.
    /// - Parameter path: names the picture in errors.
    package func prepare(_ picture: PixelBuffer, path: String) throws -> PixelBuffer {
        let image = picture.converted(to: channels)
        let target = resizedSize(of: image.size)
        guard cropsCentre || target == size else {
            throw ImageError.wrongSize(path: path, expected: size, found: target)
        }
        let across = placement(of: target.width, in: size.width)
        let down = placement(of: target.height, in: size.height)
        // Between the passes stands a picture as wide as the target and as high as the source.
        guard across.window.count.multipliedReportingOverflow(by: image.height).partialValue <= PixelBuffer.limit else {
            throw ImageError.tooManyPixels(
                path: path, width: across.window.count, height: image.height, limit: PixelBuffer.limit)
        }
        let resized = image.resized(
            width: target.width, height: target.height, resampling: resampling,
            window: PixelWindow(x: across.window, y: down.window))
        return resized.size == size ? resized : resized.bordered(to: size, left: across.border, top: down.border)
    }

    /// The float values of a prepared picture, planar.
    /// - Parameter target: room for `count` values, (C, H, W).
    package func normalise(_ prepared: PixelBuffer, into target: UnsafeMutablePointer<Float>) {
        precondition(prepared.size == size && prepared.channels == channels)
        let plane = size.height * size.width
        let samples = channels.rawValue
        for channel in 0..<samples {
            let values = table(channel: channel)
            let output = target + channel * plane
            let source = prepared.pointer + channel
            values.withUnsafeBufferPointer { values in
                for index in 0..<plane { output[index] = values[Int(source[index * samples])] }
            }
        }
    }

    /// The value of each of the 256 pixel values: rescaled in double precision, the rest in single, as numpy does it.
    private func table(channel: Int) -> [Float] {
        let mean = Float(mean[channel])
        let std = Float(std[channel])
        return (0..<256).map { (Float(Double($0) * rescale) - mean) / std }
    }

    /// The size of the whole resized picture, of which only the crop is computed.
    package func resizedSize(of source: PixelSize) -> PixelSize {
        switch resize {
        case .none: return source
        case .exact(let size): return size
        case .shorterSide(let side):
            let (short, long) = (min(source.height, source.width), max(source.height, source.width))
            let longer = Int(Double(side * long) / Double(short))
            return source.width <= source.height
                ? PixelSize(height: longer, width: side) : PixelSize(height: side, width: longer)
        case .covering(let size):
            let ratio = min(
                Double(source.height) / Double(size.height), Double(source.width) / Double(size.width))
            return PixelSize(
                height: max(1, Int((Double(source.height) / ratio).rounded(.toNearestOrEven))),
                width: max(1, Int((Double(source.width) / ratio).rounded(.toNearestOrEven))))
        }
    }

    /// Along one side: which pixels of the resized picture are kept, and how wide the border before them is.
    private func placement(of length: Int, in target: Int) -> (window: Range<Int>, border: Int) {
        let spare = length - target
        if spare < 0 {
            let border = cropRounding == .down ? (1 - spare) / 2 : -spare / 2
            return (0..<length, border)
        }
        let half =
            switch cropRounding {
            case .down: spare / 2
            case .halfToEven: Int((Double(spare) / 2).rounded(.toNearestOrEven))
            }
        return (half..<(half + target), 0)
    }
}

extension PixelBuffer {
    /// The picture on a black ground of the given size.
    fileprivate func bordered(to size: PixelSize, left: Int, top: Int) -> PixelBuffer {
        let result = PixelBuffer(width: size.width, height: size.height, channels: channels)
        result.pointer.update(repeating: 0, count: result.count)
        for row in 0..<height {
            let target = result.pointer + (top + row) * result.bytesPerRow + left * channels.rawValue
            target.update(from: pointer + row * bytesPerRow, count: bytesPerRow)
        }
        return result
    }
}
