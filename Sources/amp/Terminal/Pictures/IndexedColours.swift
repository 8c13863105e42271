/// The 256 colours that a picture has most of, and each dot's place among them.
enum IndexedColours {
    struct Colour: Hashable {
        var red: UInt8
        var green: UInt8
        var blue: UInt8
    }

    /// - Parameters:
    ///   - pixels: red, green and blue of each dot.
    ///   - most: how many colours at most.
    static func of(_ pixels: [UInt8], count: Int, most: Int = 256) -> (palette: [Colour], places: [UInt8]) {
        // Colours alike in their first five bits are one: charts have few, and pictures are small.
        var counts = [Int](repeating: 0, count: 1 << 15)
        var sums = [(red: Int, green: Int, blue: Int)](repeating: (0, 0, 0), count: 1 << 15)
        func cell(_ dot: Int) -> Int {
            Int(pixels[3 * dot] >> 3) << 10 | Int(pixels[3 * dot + 1] >> 3) << 5 | Int(pixels[3 * dot + 2] >> 3)
        }
        for dot in 0..<count {
            let cell = cell(dot)
            counts[cell] += 1
            sums[cell].red += Int(pixels[3 * dot])
            sums[cell].green += Int(pixels[3 * dot + 1])
            sums[cell].blue += Int(pixels[3 * dot + 2])
        }
        let chosen = counts.indices.filter { counts[$0] > 0 }
            .sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(min(most, 256))
        let palette = chosen.map { cell in
            Colour(
                red: UInt8(sums[cell].red / counts[cell]), green: UInt8(sums[cell].green / counts[cell]),
                blue: UInt8(sums[cell].blue / counts[cell]))
        }
        var nearest = [Int16](repeating: -1, count: 1 << 15)
        for (place, cell) in chosen.enumerated() { nearest[cell] = Int16(place) }
        let places = (0..<count).map { dot -> UInt8 in
            let cell = cell(dot)
            if nearest[cell] < 0 { nearest[cell] = Int16(place(of: cell, in: palette)) }
            return UInt8(nearest[cell])
        }
        return (palette, places)
    }

    private static func place(of cell: Int, in palette: [Colour]) -> Int {
        let (red, green, blue) = ((cell >> 10) << 3 | 4, (cell >> 5 & 31) << 3 | 4, (cell & 31) << 3 | 4)
        func distance(_ colour: Colour) -> Int {
            let (r, g, b) = (Int(colour.red) - red, Int(colour.green) - green, Int(colour.blue) - blue)
            // Eyes see green best and blue worst.
            return 3 * r * r + 6 * g * g + b * b
        }
        return palette.indices.min { distance(palette[$0]) < distance(palette[$1]) } ?? 0
    }
}
