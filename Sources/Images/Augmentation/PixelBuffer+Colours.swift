import Glibc

/// One change of a picture's colours, by what was drawn for it.
package enum ColourAdjustment: Hashable, Sendable {
    /// Factors: 1 changes nothing; 0 leaves black, the mean grey, no colour.
    case brightness(Double)
    case contrast(Double)
    case saturation(Double)
    /// Turns of the colour wheel, −0.5...0.5.
    case hue(Double)
}

extension PixelBuffer {
    /// The picture in other colours, as torchvision changes 8-bit pictures of Pillow, bit for bit.
    package func adjusted(_ adjustment: ColourAdjustment) -> PixelBuffer {
        switch adjustment {
        case .brightness(let factor): mapped(Blend(factor).table(from: 0))
        case .contrast(let factor): mapped(Blend(factor).table(from: meanGrey))
        case .saturation(let factor): channels == .grey ? self : saturated(Blend(factor))
        case .hue(let turns): channels == .grey ? self : turned(turns)
        }
    }

    /// The mean of the grey picture, rounded half up.
    private var meanGrey: UInt8 {
        let grey = converted(to: .grey)
        let sum = grey.withBytes { $0.reduce(into: 0) { $0 += Int($1) } }
        return UInt8(Double(sum) / Double(width * height) + 0.5)
    }

    private func mapped(_ table: [UInt8]) -> PixelBuffer {
        let result = PixelBuffer(width: width, height: height, channels: channels)
        table.withUnsafeBufferPointer { table in
            for index in 0..<count { result.pointer[index] = table[Int(pointer[index])] }
        }
        return result
    }

    private func saturated(_ blend: Blend) -> PixelBuffer {
        let grey = converted(to: .grey)
        let result = PixelBuffer(width: width, height: height, channels: .rgb)
        for index in 0..<(width * height) {
            for channel in 0..<3 {
                let place = 3 * index + channel
                result.pointer[place] = blend.value(from: grey.pointer[index], to: pointer[place])
            }
        }
        return result
    }

    private func turned(_ turns: Double) -> PixelBuffer {
        // Whole steps of the wheel's 256, cut off towards none.
        let steps = UInt8(truncatingIfNeeded: Int(turns * 255))
        let result = PixelBuffer(width: width, height: height, channels: .rgb)
        for index in 0..<(width * height) {
            let pixel = pointer + 3 * index
            var colour = WheelColour(red: pixel[0], green: pixel[1], blue: pixel[2])
            colour.hue &+= steps
            let target = result.pointer + 3 * index
            (target[0], target[1], target[2]) = colour.rgb
        }
        return result
    }
}

/// Pillow's `blend`: from one value towards another and beyond, in single precision, cut off.
private struct Blend {
    let factor: Float

    init(_ factor: Double) { self.factor = Float(factor) }

    @inline(__always)
    func value(from origin: UInt8, to value: UInt8) -> UInt8 {
        let blended = Float(origin) + factor * (Float(value) - Float(origin))
        return UInt8(min(max(blended, 0), 255))
    }

    /// What becomes of each of the 256 values.
    func table(from origin: UInt8) -> [UInt8] { (0...255).map { value(from: origin, to: $0) } }
}

/// A colour by hue, saturation and value, each of 256 steps, with Pillow's roundings.
private struct WheelColour {
    var hue: UInt8 = 0
    var saturation: UInt8 = 0
    var value: UInt8

    init(red: UInt8, green: UInt8, blue: UInt8) {
        let (least, most) = (min(red, green, blue), max(red, green, blue))
        value = most
        guard least < most else { return }
        let spread = Float(most - least)
        func distance(_ channel: UInt8) -> Float { Float(most - channel) / spread }
        let (red, green, blue, isRed, isGreen) = (
            distance(red), distance(green), distance(blue), red == most, green == most
        )
        // The sum beside 2 and 4 is taken in double precision and kept in single.
        let sixth: Float =
            isRed
            ? blue - green
            : isGreen
                ? Float(2 + Double(red) - Double(blue)) : Float(4 + Double(green) - Double(red))
        let turn = Float(fmod(Double(sixth) / 6 + 1, 1))
        hue = UInt8(min(max(Double(turn) * 255, 0), 255))
        saturation = UInt8(min(max(Double(spread / Float(most)) * 255, 0), 255))
    }

    var rgb: (UInt8, UInt8, UInt8) {
        guard saturation > 0 else { return (value, value, value) }
        let sixth = Double(hue) * 6 / 255
        let sector = Int(sixth)
        let rest = Float(sixth - Double(sector))
        let strength = Float(Double(saturation) / 255)
        func dimmed(_ share: Double) -> UInt8 {
            UInt8(min(max((Double(value) * (1 - share)).rounded(.toNearestOrAwayFromZero), 0), 255))
        }
        let low = dimmed(Double(strength))
        let falling = dimmed(Double(strength * rest))
        let rising = dimmed(Double(strength) * (1 - Double(rest)))
        switch sector % 6 {
        case 0: return (value, rising, low)
        case 1: return (falling, value, low)
        case 2: return (low, value, rising)
        case 3: return (low, falling, value)
        case 4: return (rising, low, value)
        default: return (value, low, falling)
        }
    }
}
