/// Dots as sixels: bands of six rows, in each a line for every colour.
package enum SixelPicture {
    /// - Parameter pixels: red, green and blue of each dot, row after row.
    package static func sequence(width: Int, height: Int, pixels: [UInt8]) -> String {
        guard width > 0, height > 0, pixels.count >= 3 * width * height else { return "" }
        let (palette, places) = IndexedColours.of(pixels, count: width * height)
        // 1: what is not drawn keeps the ground. Then the shape of the dots, and the size.
        var text: [UInt8] = Array("\u{1B}P0;1;0q\"1;1;\(width);\(height)".utf8)
        for (number, colour) in palette.enumerated() {
            func percent(_ part: UInt8) -> Int { (Int(part) * 100 + 127) / 255 }
            text += "#\(number);2;\(percent(colour.red));\(percent(colour.green));\(percent(colour.blue))".utf8
        }
        var masks = [UInt8](repeating: 0, count: palette.count * width)
        for top in stride(from: 0, to: height, by: 6) {
            var used: [Int] = []
            var isUsed = [Bool](repeating: false, count: palette.count)
            for row in top..<min(top + 6, height) {
                let bit = UInt8(1 << (row - top))
                for column in 0..<width {
                    let colour = Int(places[row * width + column])
                    masks[colour * width + column] |= bit
                    if !isUsed[colour] {
                        isUsed[colour] = true
                        used.append(colour)
                    }
                }
            }
            for (index, colour) in used.enumerated() {
                if index > 0 { text.append(UInt8(ascii: "$")) }
                text += "#\(colour)".utf8
                let line = colour * width..<(colour + 1) * width
                append(masks[line], to: &text)
                for place in line { masks[place] = 0 }
            }
            text.append(UInt8(ascii: "-"))
        }
        text += "\u{1B}\\".utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// Equal dots after each other as one with a count; blanks at the end are left out.
    private static func append(_ masks: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var index = masks.startIndex
        while index < masks.endIndex {
            var end = index + 1
            while end < masks.endIndex, masks[end] == masks[index] { end += 1 }
            if end == masks.endIndex, masks[index] == 0 { return }
            let (sixel, count) = (masks[index] + 63, end - index)
            if count > 3 {
                text += "!\(count)".utf8
                text.append(sixel)
            } else {
                text += repeatElement(sixel, count: count)
            }
            index = end
        }
    }
}
