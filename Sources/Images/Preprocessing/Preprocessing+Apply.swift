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
        return resized.size == size ? resized : resized.onBlack(size: size, left: across.border, top: down.border)
    }

    /// A part of a picture, resized to `size` whatever its shape.
    /// - Parameter part: must lie inside the picture
    package func prepare(_ picture: PixelBuffer, part: PixelWindow, path: String) throws -> PixelBuffer {
        guard part.y.count <= PixelBuffer.limit / size.width else {
            throw ImageError.tooManyPixels(
                path: path, width: size.width, height: part.y.count, limit: PixelBuffer.limit)
        }
        return picture.cropped(to: part).converted(to: channels)
            .resized(width: size.width, height: size.height, resampling: resampling)
    }

    /// The float values of a prepared picture, planar.
    /// - Parameter target: room for `count` values, (C, H, W).
    package func normalise(_ prepared: PixelBuffer, into target: UnsafeMutablePointer<Float>) {
        PixelValues(self).write(prepared, into: target)
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
