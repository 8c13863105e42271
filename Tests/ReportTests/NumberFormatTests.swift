import Foundation
import Report
import Testing

@Suite struct NumberFormatTests {
    @Test(
        "figures read as people write them",
        arguments: [
            (NumberFormat.count(0), "0"), (NumberFormat.count(999), "999"), (NumberFormat.count(1000), "1,000"),
            (NumberFormat.count(-1_234_567), "-1,234,567"), (NumberFormat.count(.min), "-9,223,372,036,854,775,808"),
            (NumberFormat.parameters(9999), "9,999"), (NumberFormat.parameters(86_432), "86.4 k"),
            (NumberFormat.parameters(999_949), "999.9 k"), (NumberFormat.parameters(999_950), "1.00 M"),
            (NumberFormat.parameters(1_348_234), "1.35 M"), (NumberFormat.parameters(86_567_656), "86.57 M"),
            (NumberFormat.parameters(1_843_000_000), "1.84 B"), (NumberFormat.flops(0), "0 FLOPs"),
            (NumberFormat.flops(812), "812 FLOPs"), (NumberFormat.flops(3.2e6), "3.20 MFLOPs"),
            (NumberFormat.flops(0.14e9), "0.14 GFLOPs"), (NumberFormat.flops(17.58e9), "17.58 GFLOPs"),
            (NumberFormat.flops(1.2e12), "1.20 TFLOPs"), (NumberFormat.flops(.nan), "nan FLOPs"),
            (NumberFormat.bytes(0), "0 B"), (NumberFormat.bytes(999), "999 B"), (NumberFormat.bytes(1000), "1.0 kB"),
            (NumberFormat.bytes(999_999), "1.0 MB"), (NumberFormat.bytes(5_400_000), "5.4 MB"),
            (NumberFormat.bytes(.max), "9223372.0 TB"), (NumberFormat.percent(0.671), "67.1 %"),
            (NumberFormat.percent(1, digits: 0), "100 %"), (NumberFormat.entropy(2.03118), "2.0312"),
            (NumberFormat.duration(seconds: 0), "0.0 ms"), (NumberFormat.duration(seconds: 0.82), "820 ms"),
            (NumberFormat.duration(seconds: 0.9996), "1.0 s"), (NumberFormat.duration(seconds: 59.94), "59.9 s"),
            (NumberFormat.duration(seconds: 59.96), "1 min 00 s"), (NumberFormat.duration(seconds: 125), "2 min 05 s"),
            (NumberFormat.duration(seconds: 4800), "1 h 20 min"), (NumberFormat.duration(seconds: .infinity), "inf s"),
            (NumberFormat.fixed(-0.00001, digits: 2), "0.00"), (NumberFormat.fixed(-.infinity, digits: 2), "-inf"),
        ])
    func figures(found: String, expected: String) { #expect(found == expected) }

    @Test("fixed decimals are those of C's printf, halves and all")
    func fixedAgainstPrintf() {
        var generator = SystemRandomNumberGenerator()
        let halves = (0..<2000).map { Double($0) / 1000 + 0.0005 } + (0..<64).map { Double($0) / 8 }
        let random = (0..<20_000).map { _ in
            Double.random(in: 0..<1, using: &generator) * pow(10, Double(Int.random(in: -5...8, using: &generator)))
        }
        for value in halves + random {
            for digits in [0, 1, 2, 3, 4, 6] {
                #expect(NumberFormat.fixed(value, digits: digits) == String(format: "%.\(digits)f", value))
            }
        }
    }
}
