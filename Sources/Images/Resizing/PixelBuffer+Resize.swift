extension PixelBuffer {
    /// The picture at another size, as Pillow's `resize` makes it, bit for bit.
    ///
    /// - Parameter window: the part of the resized picture that is wanted (default: all of it); pixels outside cost
    ///   nothing. It must lie inside the target.
    package func resized(
        width targetWidth: Int, height targetHeight: Int, resampling: Resampling, window: PixelWindow? = nil
    ) -> PixelBuffer {
        let window = window ?? PixelWindow(x: 0..<targetWidth, y: 0..<targetHeight)
        if targetWidth == width && targetHeight == height { return cropped(to: window) }
        if resampling == .nearest {
            return nearest(width: targetWidth, height: targetHeight, window: window)
        }
        // A pass that changes nothing is left out: its rounding is exact anyway.
        let down =
            targetHeight == height
            ? nil : ResamplingWeights(source: height, target: targetHeight, window: window.y, resampling: resampling)
        let across =
            targetWidth == width
            ? nil : ResamplingWeights(source: width, target: targetWidth, window: window.x, resampling: resampling)
        // Rows come first, but not in very tall pictures that become lower; the order decides roundings.
        if let down, height > 100 * width, targetHeight < height {
            let low = verticalPass(down, firstRow: 0)
            return low.resizedAcross(across, columns: window.x, rows: 0..<low.height)
        }
        let rows = down?.extent ?? window.y
        let wide = resizedAcross(across, columns: window.x, rows: rows)
        return down.map { wide.verticalPass($0, firstRow: rows.lowerBound) } ?? wide
    }

    /// The given rows, in their width or in the one the weights make; without weights the given columns of them.
    private func resizedAcross(_ pass: ResamplingWeights?, columns: Range<Int>, rows: Range<Int>) -> PixelBuffer {
        pass.map { horizontalPass($0, rows: rows) } ?? cropped(to: PixelWindow(x: columns, y: rows))
    }

    /// The part inside the window, which must lie inside the picture.
    func cropped(to window: PixelWindow) -> PixelBuffer {
        if window.x == 0..<width && window.y == 0..<height { return self }
        let result = PixelBuffer(width: window.x.count, height: window.y.count, channels: channels)
        for row in 0..<result.height {
            let source = pointer + (window.y.lowerBound + row) * bytesPerRow + window.x.lowerBound * channels.rawValue
            (result.pointer + row * result.bytesPerRow).update(from: source, count: result.bytesPerRow)
        }
        return result
    }

    private static let half = Int32(1) << (ResamplingWeights.bits - 1)

    private func horizontalPass(_ pass: ResamplingWeights, rows: Range<Int>) -> PixelBuffer {
        let result = PixelBuffer(width: pass.counts.count, height: rows.count, channels: channels)
        pass.first.withUnsafeBufferPointer { first in
            pass.counts.withUnsafeBufferPointer { counts in
                pass.weights.withUnsafeBufferPointer { weights in
                    guard let base = weights.baseAddress else { return }
                    for row in 0..<rows.count {
                        let source = UnsafePointer(pointer) + (rows.lowerBound + row) * bytesPerRow
                        let target = result.pointer + row * result.bytesPerRow
                        for x in 0..<result.width {
                            let taps = base + x * pass.stride
                            switch channels {
                            case .grey:
                                var sum = Self.half
                                let pixels = source + first[x]
                                for tap in 0..<counts[x] { sum &+= Int32(pixels[tap]) &* taps[tap] }
                                target[x] = Self.clipped(sum)
                            case .rgb:
                                var (red, green, blue) = (Self.half, Self.half, Self.half)
                                let pixels = source + 3 * first[x]
                                for tap in 0..<counts[x] {
                                    red &+= Int32(pixels[3 * tap]) &* taps[tap]
                                    green &+= Int32(pixels[3 * tap + 1]) &* taps[tap]
                                    blue &+= Int32(pixels[3 * tap + 2]) &* taps[tap]
                                }
                                target[3 * x] = Self.clipped(red)
                                target[3 * x + 1] = Self.clipped(green)
                                target[3 * x + 2] = Self.clipped(blue)
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// `firstRow`: which row of the source of `pass` this buffer begins with.
    private func verticalPass(_ pass: ResamplingWeights, firstRow: Int) -> PixelBuffer {
        let result = PixelBuffer(width: width, height: pass.counts.count, channels: channels)
        let length = bytesPerRow
        let sums = UnsafeMutablePointer<Int32>.allocate(capacity: length)
        defer { sums.deallocate() }
        for y in 0..<result.height {
            sums.update(repeating: Self.half, count: length)
            for tap in 0..<pass.counts[y] {
                let weight = pass.weights[y * pass.stride + tap]
                let source = UnsafePointer(pointer) + (pass.first[y] - firstRow + tap) * length
                for x in 0..<length { sums[x] &+= Int32(source[x]) &* weight }
            }
            let target = result.pointer + y * length
            for x in 0..<length { target[x] = Self.clipped(sums[x]) }
        }
        return result
    }

    @inline(__always)
    private static func clipped(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> Int32(ResamplingWeights.bits), 0), 255))
    }

    private func nearest(width targetWidth: Int, height targetHeight: Int, window: PixelWindow) -> PixelBuffer {
        let columns = Self.nearestIndices(source: width, target: targetWidth, window: window.x)
        let rows = Self.nearestIndices(source: height, target: targetHeight, window: window.y)
        let result = PixelBuffer(width: window.x.count, height: window.y.count, channels: channels)
        let samples = channels.rawValue
        for y in 0..<result.height {
            let source = pointer + rows[y] * bytesPerRow
            let target = result.pointer + y * result.bytesPerRow
            for x in 0..<result.width {
                let pixel = source + columns[x] * samples
                for sample in 0..<samples { target[x * samples + sample] = pixel[sample] }
            }
        }
        return result
    }

    /// The source pixel under each target pixel's centre. The position is summed up step by step, as Pillow does:
    /// its rounding decides ties.
    private static func nearestIndices(source: Int, target: Int, window: Range<Int>) -> [Int] {
        let step = Double(source) / Double(target)
        var position = step * 0.5
        var indices: [Int] = []
        indices.reserveCapacity(window.count)
        for pixel in 0..<window.upperBound {
            if pixel >= window.lowerBound { indices.append(min(source - 1, Int(position))) }
            position += step
        }
        return indices
    }
}

/// A rectangle of pixels: columns and rows.
package struct PixelWindow: Hashable, Sendable {
    package var x: Range<Int>
    package var y: Range<Int>

    package init(x: Range<Int>, y: Range<Int>) {
        self.x = x
        self.y = y
    }
}
