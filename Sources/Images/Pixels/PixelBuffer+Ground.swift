extension PixelBuffer {
    /// The picture on a black ground of the given size, its corner at (`left`, `top`); what lies outside is cut off.
    func onBlack(size: PixelSize, left: Int, top: Int) -> PixelBuffer {
        if left == 0 && top == 0 && size == self.size { return self }
        let result = PixelBuffer(width: size.width, height: size.height, channels: channels)
        result.pointer.update(repeating: 0, count: result.count)
        let columns = (left..<(left + width)).clamped(to: 0..<size.width)
        for row in (top..<(top + height)).clamped(to: 0..<size.height) {
            let source = pointer + (row - top) * bytesPerRow + (columns.lowerBound - left) * channels.rawValue
            let target = result.pointer + row * result.bytesPerRow + columns.lowerBound * channels.rawValue
            target.update(from: source, count: columns.count * channels.rawValue)
        }
        return result
    }
}
