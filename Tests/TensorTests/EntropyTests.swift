import Foundation
import Samples
import Tensor
import Testing

@Suite("The information entropy of a batch")
struct EntropyTests {
    private static let three: [Float] = [1, 0, 0.8, 0.6, 0, 1]

    /// The definition, term by term.
    private func reference(_ z: [Double], count: Int, width: Int, temperature t: Double) -> Double {
        let rows = (0..<count).map { row -> [Double] in
            let x = Array(z[(row * width)..<((row + 1) * width)])
            let norm = x.map { $0 * $0 }.reduce(0, +).squareRoot()
            return x.map { $0 / norm }
        }
        var total = 0.0
        for i in 0..<count {
            let s = rows.map { t * zip($0, rows[i]).map(*).reduce(0, +) }
            let largest = s.max() ?? 0
            let sum = s.map { exp($0 - largest) }.reduce(0, +)
            for x in s {
                let p = exp(x - largest) / sum
                if p > 0 { total -= p * log(p) }
            }
        }
        return total / Double(count)
    }

    @Test("three features by hand", arguments: [(1, 1.0450006), (5, 0.6140153), (15, 0.1384026)])
    func byHand(_ temperature: Double, _ expected: Double) {
        let entropy = BatchEntropy(features: Self.three, count: 3, width: 2, temperature: temperature)
        #expect(abs(entropy.value - expected) < 6e-8)
    }

    @Test("their probabilities by hand")
    func probabilities() {
        let expected = [0.727475, 0.267623, 0.004902, 0.244728, 0.665241, 0.090031, 0.0059, 0.1185, 0.875601]
        let found = BatchEntropy(features: Self.three, count: 3, width: 2, temperature: 5).probabilities
        for (p, q) in zip(found, expected) { #expect(abs(p - q) < 1e-6) }
    }

    @Test("the gradient by hand, for features that are not normalised")
    func gradientByHand() {
        let found = BatchEntropy(features: [2, 0, 1.6, 1.2, 0, 1], count: 3, width: 2, temperature: 5).gradient()
        expectClose(found, [0, 0.207609, -0.039831, 0.053108, 0.547987, 0], within: 1e-6)
    }

    @Test(
        "value and gradient are those of the definition",
        arguments: [(1, 1), (2, 3), (3, 17), (17, 3), (17, 100)], [1, 5, 15, 20] as [Double])
    func random(_ size: (count: Int, width: Int), _ temperature: Double) {
        let (count, width) = size
        var numbers = Numbers(seed: count * 1000 + width)
        let z = numbers.floats(count * width, scale: 2)
        let entropy = BatchEntropy(features: z, count: count, width: width, temperature: temperature)
        let expected = reference(doubles(z), count: count, width: width, temperature: temperature)
        #expect(abs(entropy.value - expected) < 1e-12)
        guard count * width <= 60 else { return }
        let gradient = finiteDifferences(doubles(z), step: 1e-6) {
            reference($0, count: count, width: width, temperature: temperature)
        }
        expectClose(entropy.gradient(), gradient, within: 2e-7)
    }

    @Test("opposite features stay numbers at any temperature", arguments: [15, 1e3, 1e6] as [Double])
    func opposite(_ temperature: Double) {
        let entropy = BatchEntropy(features: [1, 0, -1, 0], count: 2, width: 2, temperature: temperature)
        #expect(entropy.value >= 0 && entropy.value < 1e-9)
        let finite = entropy.gradient().allSatisfy(\.isFinite)
        #expect(finite)
    }

    @Test("one image has no entropy and no gradient")
    func oneImage() {
        let entropy = BatchEntropy(features: [3, 4], count: 1, width: 2, temperature: 15)
        #expect(entropy.value == 0)
        #expect(entropy.gradient() == [0, 0])
    }

    @Test("no image has no entropy")
    func noImage() {
        let entropy = BatchEntropy(features: [], count: 0, width: 2, temperature: 15)
        #expect(entropy.value == 0)
        #expect(entropy.gradient() == [])
    }

    @Test("equal features have the largest entropy and no gradient", arguments: [2, 3, 17])
    func equalFeatures(_ count: Int) {
        let z = (0..<count).flatMap { _ in [1, 2, -3] as [Float] }
        let entropy = BatchEntropy(features: z, count: count, width: 3, temperature: 20)
        #expect(abs(entropy.value - log(Double(count))) < 1e-12)
        expectClose(entropy.gradient(), Array(repeating: 0, count: z.count), within: 1e-7)
    }

    @Test("a feature of zeros stays a number")
    func zeroFeature() {
        let entropy = BatchEntropy(features: [0, 0, 1, 0], count: 2, width: 2, temperature: 5)
        #expect(entropy.value.isFinite)
        let finite = entropy.gradient().allSatisfy(\.isFinite)
        #expect(finite)
    }
}

@Suite("Cross-entropy")
struct CrossEntropyTests {
    private func reference(_ logits: [Double], labels: [Int], classes: Int) -> Double {
        labels.enumerated().map { row, label in
            let x = logits[(row * classes)..<((row + 1) * classes)]
            let largest = x.max() ?? 0
            return log(x.map { exp($0 - largest) }.reduce(0, +)) + largest - x[row * classes + label]
        }.reduce(0, +) / Double(labels.count)
    }

    @Test("value and gradient are those of the definition", arguments: Size.small + [Size(rows: 17, columns: 3)])
    func random(_ size: Size) {
        var numbers = Numbers(seed: size.rows * 1000 + size.columns)
        let logits = numbers.floats(size.count, scale: 4)
        let labels = (0..<size.rows).map { _ in numbers.index(below: size.columns) }
        let loss = CrossEntropy(logits: logits, labels: labels, classes: size.columns)
        #expect(abs(loss.value - reference(doubles(logits), labels: labels, classes: size.columns)) < 1e-12)
        let gradient = finiteDifferences(doubles(logits)) { reference($0, labels: labels, classes: size.columns) }
        expectClose(loss.gradient, gradient, within: 1e-7)
    }

    @Test("large logits stay numbers")
    func large() {
        let loss = CrossEntropy(logits: [1e30, -1e30, 0], labels: [0], classes: 3)
        #expect(loss.value == 0)
        let finite = loss.gradient.allSatisfy(\.isFinite)
        #expect(finite)
    }
}
