import Foundation
import Tensor

/// Cosines and sines of rotary position embeddings, for the patch grids that come up.
final class RotaryTable: Sendable {
    let pairing: RotaryPairing
    private let rotary: Rotary
    private let headWidth: Int
    private let made = Locked<[Extent: Angles]>([:])

    /// Of one grid: cosines and sines (patches, head width).
    struct Angles: Sendable {
        let cosines: FloatView
        let sines: FloatView
    }

    /// - Parameters:
    ///   - own: the tables that the checkpoint holds, for its own grid.
    init(rotary: Rotary, headWidth: Int, own: (grid: Extent, angles: Angles)?) {
        self.rotary = rotary
        self.headWidth = headWidth
        pairing = rotary.pairing
        if let own { made.withLock { $0[own.grid] = own.angles } }
    }

    func angles(on grid: Extent) -> Angles {
        made.withLock { made in
            if let known = made[grid] { return known }
            let angles = compute(grid)
            made[grid] = angles
            return angles
        }
    }

    private func compute(_ grid: Extent) -> Angles {
        // A quarter of the head's values has frequencies for rows, the next for columns; their partners share them.
        let quarter = headWidth / 4
        let cosines = FloatBuffer([grid.area, headWidth])
        let sines = FloatBuffer([grid.area, headWidth])
        for row in 0..<grid.height {
            for column in 0..<grid.width {
                let patch = row * grid.width + column
                for i in 0..<quarter {
                    let angles = [angle(row, of: grid.height, i), angle(column, of: grid.width, i)]
                    for (axis, angle) in angles.enumerated() {
                        let pair = axis * quarter + i
                        let places =
                            switch pairing {
                            case .halves: (pair, pair + headWidth / 2)
                            case .neighbours: (2 * pair, 2 * pair + 1)
                            }
                        for place in [places.0, places.1] {
                            cosines.pointer[patch * headWidth + place] = Float(cos(angle))
                            sines.pointer[patch * headWidth + place] = Float(sin(angle))
                        }
                    }
                }
            }
        }
        return Angles(cosines: FloatView(cosines), sines: FloatView(sines))
    }

    private func angle(_ index: Int, of count: Int, _ i: Int) -> Double {
        let exponent = 4 * Double(i) / Double(headWidth)
        switch rotary.frequencies {
        case .centred(let base):
            let position = 2 * (Double(index) + 0.5) / Double(count) - 1
            return 2 * Double.pi * position / pow(base, exponent)
        case .indexed(let base, let reference):
            let stretch = reference.map { $0 / Double(count) } ?? 1
            return Double(index) * stretch / pow(base, exponent)
        }
    }
}
