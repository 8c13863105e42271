extension PixelBuffer {
    /// The same picture with the asked channels, as Pillow's `convert("L")` or `convert("RGB")` gives it.
    package func converted(to wanted: PixelChannels) -> PixelBuffer {
        switch (channels, wanted) {
        case (.grey, .grey), (.rgb, .rgb): return self
        case (.grey, .rgb): return spreadToRGB()
        case (.rgb, .grey): return weighedToGrey()
        }
    }

    private func spreadToRGB() -> PixelBuffer {
        let result = PixelBuffer(width: width, height: height, channels: .rgb)
        for index in 0..<(width * height) {
            let value = pointer[index]
            result.pointer[3 * index] = value
            result.pointer[3 * index + 1] = value
            result.pointer[3 * index + 2] = value
        }
        return result
    }

    /// ITU-R 601-2 luma in 16-bit fixed point, rounded: the weights add up to 65536, so a grey pixel keeps its value.
    private func weighedToGrey() -> PixelBuffer {
        let result = PixelBuffer(width: width, height: height, channels: .grey)
        for index in 0..<(width * height) {
            let red = UInt32(pointer[3 * index])
            let green = UInt32(pointer[3 * index + 1])
            let blue = UInt32(pointer[3 * index + 2])
            let sum = red &* 19595 &+ green &* 38470 &+ blue &* 7471 &+ 0x8000
            result.pointer[index] = UInt8(truncatingIfNeeded: sum >> 16)
        }
        return result
    }
}
