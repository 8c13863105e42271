import Foundation

/// The cross-entropy of a classifier's logits with labels, mean over the batch, and its gradient, in float64.
package struct CrossEntropy: Sendable {
    /// −(1/B) Σ_i ln softmax(logits_i)[label_i], in nats.
    package let value: Double
    /// ∂E/∂logits (count, classes).
    package let gradient: [Float]

    /// - Parameters:
    ///   - logits: (count, classes).
    ///   - labels: one of 0..<classes for each row.
    package init(logits: UnsafePointer<Float>, labels: [Int], classes: Int) {
        let count = labels.count
        var gradient = [Float](repeating: 0, count: count * classes)
        var total = 0.0
        for i in 0..<count {
            let row = logits + i * classes
            var largest = -Double.infinity
            for j in 0..<classes { largest = max(largest, Double(row[j])) }
            var sum = 0.0
            for j in 0..<classes { sum += exp(Double(row[j]) - largest) }
            let logSum = largest + log(sum)
            total += logSum - Double(row[labels[i]])
            for j in 0..<classes {
                let p = exp(Double(row[j]) - logSum)
                gradient[i * classes + j] = Float((p - (j == labels[i] ? 1 : 0)) / Double(count))
            }
        }
        self.gradient = gradient
        value = count == 0 ? 0 : total / Double(count)
    }
}
