import Foundation
import Report
import Testing

@Suite struct AxisTests {
    @Test(
        "ticks stand at round numbers",
        arguments: [
            (0, 384, 6, ["0", "100", "200", "300"]), (0, 1, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (2.0312, 2.0572, 6, ["2.035", "2.040", "2.045", "2.050", "2.055"]),
            (-1, 1, 5, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]), (0, 12_000, 4, ["0", "5,000", "10,000"]),
            (0, 3e9, 4, ["0", "10⁹", "2×10⁹", "3×10⁹"]), (0, 2.5e-7, 4, ["0", "10⁻⁷", "2×10⁻⁷"]),
            (7, 7.0001, 3, ["7.00000", "7.00005", "7.00010"]), (1, 1, 5, []), (.nan, 1, 5, []), (0, .infinity, 5, []),
        ] as [(Double, Double, Int, [String])])
    func linear(lower: Double, upper: Double, count: Int, expected: [String]) {
        #expect(Ticks.linear(from: lower, to: upper, atMost: count).major.map(\.label.plain) == expected)
    }

    @Test(
        "ticks of a logarithmic axis are powers of ten, or fewer, or more where it is short",
        arguments: [
            (-2, 2, 6, ["0.01", "0.1", "1", "10", "100"]), (-5, -1, 6, ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]),
            (-8, 8, 5, ["10⁻⁵", "10⁰", "10⁵"]), (0.1, 0.9, 5, ["2", "5"]),
            (0.02, 0.06, 3, ["1.05", "1.10"]), (-300, 300, 4, ["10⁻²⁰⁰", "10⁰", "10²⁰⁰"]),
            (0, 0, 5, []), (-1e9, 1e9, 5, []),
        ] as [(Double, Double, Int, [String])])
    func logarithmic(lower: Double, upper: Double, count: Int, expected: [String]) {
        #expect(Ticks.logarithmic(from: lower, to: upper, atMost: count).major.map(\.label.plain) == expected)
    }

    @Test("any range has at most as many ticks as wanted, in order, within it, a round step apart")
    func property() {
        for exponent in stride(from: -12.0, through: 12, by: 0.37) {
            for start in [0, 1, -3.7, 1e3, -1e-3] {
                for count in [2, 3, 5, 9] {
                    let span = pow(10, exponent)
                    guard span > start.magnitude * 1e-8 else { continue }
                    let ticks = Ticks.linear(from: start, to: start + span, atMost: count).major
                    #expect(ticks.count <= count)
                    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
                    let slack = span * 1e-6
                    #expect(ticks.allSatisfy { $0.value >= start - slack && $0.value <= start + span + slack })
                    guard ticks.count > 2 else { continue }
                    let step = ticks[1].value - ticks[0].value
                    let lead = step / pow(10, log10(step * 1.0000001).rounded(.down))
                    #expect([1.0, 2, 5, 10].contains { abs($0 - lead) < 1e-3 }, "step \(step)")
                    #expect(Set(ticks.map(\.label)).count == ticks.count)
                }
            }
        }
    }

    @Test(
        "of many categories every second, third, fourth … is named",
        arguments: [(12, 20, 12), (12, 6, 6), (48, 20, 16), (48, 1, 1), (0, 5, 0), (1, 5, 1)])
    func categories(names: Int, room: Int, expected: Int) {
        #expect(Ticks.categories((0..<names).map(String.init), atMost: room).major.count == expected)
    }

    @Test("a power of ten is written for eyes and for ASCII")
    func labels() {
        let label = TickLabel.power(mantissa: "−2", exponent: -12)
        #expect(label.plain == "−2×10⁻¹²")
        #expect(label.ascii == "-2e-12")
        #expect(TickLabel.power(mantissa: "1", exponent: 3).plain == "10³")
    }

    @Test("colours go from dark to light, or both ways from white")
    func ramps() {
        func light(_ colour: Colour) -> Int { Int(colour.red) * 3 + Int(colour.green) * 6 + Int(colour.blue) }
        let steps = (0...20).map { light(ColourRamp.sequential.colour(Double($0) / 20)) }
        #expect(zip(steps, steps.dropFirst()).allSatisfy(<))
        let both = (0...20).map { light(ColourRamp.diverging.colour(Double($0) / 20)) }
        #expect(zip(both[...10], both[1...10]).allSatisfy(<))
        #expect(zip(both[10...], both[11...]).allSatisfy(>))
        #expect(ColourRamp.diverging.colour(0.5).hex == "#f7f7f7")
        #expect(ColourRamp.sequential.colour(.nan) == ColourRamp.sequential.colour(-7))
        #expect(ColourRamp.sequential.colour(.infinity) == ColourRamp.sequential.colour(1))
    }
}
