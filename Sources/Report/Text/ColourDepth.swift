/// How many colours a terminal shows.
package enum ColourDepth: String, Sendable, Hashable, CaseIterable {
    /// Its own sixteen, of which the darker ones can be read on any ground.
    case sixteen
    /// 256, of them a cube of 6 × 6 × 6.
    case cube
    /// All 16 million.
    case full

    /// The parameters of the sequence that sets a colour of text or, `behind` it, of the ground.
    func code(_ colour: Colour, behind: Bool) -> String? {
        switch self {
        case .sixteen: return nil
        case .full: return "\(behind ? 48 : 38);2;\(colour.red);\(colour.green);\(colour.blue)"
        case .cube:
            let levels = [0, 95, 135, 175, 215, 255]
            func nearest(_ part: UInt8) -> Int {
                levels.indices.min { abs(levels[$0] - Int(part)) < abs(levels[$1] - Int(part)) } ?? 0
            }
            let place = 16 + 36 * nearest(colour.red) + 6 * nearest(colour.green) + nearest(colour.blue)
            return "\(behind ? 48 : 38);5;\(place)"
        }
    }
}
