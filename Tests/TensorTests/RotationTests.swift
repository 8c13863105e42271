import Foundation
import Samples
import Tensor
import Testing

@Suite("Rotation of queries and keys")
struct RotationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rows: Int
        let heads: Int
        let headWidth: Int
        let pairing: RotaryPairing
        /// Floats between a row's last head and the next row.
        var gap = 0
        var testDescription: String { "\(rows) rows, \(heads) heads of \(headWidth), \(pairing), \(gap) between" }

        var stride: Int { heads * headWidth + gap }
        /// The places of a head's pairs.
        var pairs: [(Int, Int)] {
            (0..<(headWidth / 2)).map { pairing == .halves ? ($0, $0 + headWidth / 2) : (2 * $0, 2 * $0 + 1) }
        }

        static let all = [RotaryPairing.halves, .neighbours].flatMap { pairing in
            [
                Case(rows: 1, heads: 1, headWidth: 2, pairing: pairing),
                Case(rows: 3, heads: 2, headWidth: 4, pairing: pairing, gap: 5),
                Case(rows: 5, heads: 3, headWidth: 6, pairing: pairing, gap: 1),
                Case(rows: 17, heads: 2, headWidth: 64, pairing: pairing),
                Case(rows: 0, heads: 2, headWidth: 4, pairing: pairing),
            ]
        }
    }

    private func turned(_ x: [Float], _ c: Case, _ cosines: [Float], _ sines: [Float], inverse: Bool = false) -> [Float]
    {
        var x = x
        rotate(
            &x, rows: c.rows, stride: c.stride, heads: c.heads, headWidth: c.headWidth, cosines: cosines, sines: sines,
            pairing: c.pairing, inverse: inverse)
        return x
    }

    private func numbers(_ c: Case) -> Numbers { Numbers(seed: c.rows * 1000 + c.headWidth * 10 + c.gap) }

    /// One angle a row and pair, at the places of both of its values.
    private func angles(_ c: Case, _ numbers: inout Numbers) -> [Double] {
        var angles = [Double](repeating: 0, count: c.rows * c.headWidth)
        for row in 0..<c.rows {
            for (i, j) in c.pairs {
                let angle = Double(numbers.float(scale: 4))
                angles[row * c.headWidth + i] = angle
                angles[row * c.headWidth + j] = angle
            }
        }
        return angles
    }

    @Test("each pair turns by its angle, and nothing between rows changes", arguments: Case.all)
    func values(_ c: Case) {
        var numbers = numbers(c)
        let x = numbers.floats(c.rows * c.stride)
        let angles = angles(c, &numbers)
        var expected = doubles(x)
        for row in 0..<c.rows {
            for head in 0..<c.heads {
                let start = row * c.stride + head * c.headWidth
                for (i, j) in c.pairs {
                    // The pair as a complex number, times e^(i·angle).
                    let angle = angles[row * c.headWidth + i]
                    let (a, b) = (Double(x[start + i]), Double(x[start + j]))
                    expected[start + i] = a * cos(angle) - b * sin(angle)
                    expected[start + j] = a * sin(angle) + b * cos(angle)
                }
            }
        }
        let (cosines, sines) = (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
        let found = turned(x, c, cosines, sines)
        expectClose(found, expected, within: 5e-7)
        for place in found.indices where place % c.stride >= c.heads * c.headWidth {
            #expect(found[place] == x[place], "between rows")
        }
        expectClose(turned(found, c, cosines, sines, inverse: true), doubles(x), within: 1e-6, "back")
    }

    /// A checkpoint's own tables need not hold the same angle at both places of a pair.
    @Test("the inverse is the transpose, whatever the tables hold", arguments: Case.all)
    func transpose(_ c: Case) {
        var numbers = numbers(c)
        let (x, y) = (numbers.floats(c.rows * c.stride), numbers.floats(c.rows * c.stride))
        let (cosines, sines) = (
            numbers.floats(c.rows * c.headWidth), numbers.floats(c.rows * c.headWidth)
        )
        func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).map { Double($0) * Double($1) }.reduce(0, +) }
        let forward = dot(turned(x, c, cosines, sines), y)
        let backward = dot(x, turned(y, c, cosines, sines, inverse: true))
        #expect(abs(forward - backward) < 1e-6 * Double(max(1, x.count)))
    }
}
