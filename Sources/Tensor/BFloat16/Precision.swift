/// What linear layers multiply. Sums, and everything else that is computed, are float32 either way.
package enum Precision: String, Codable, Sendable, Hashable, CaseIterable {
    case float32
    /// Weights and what they are multiplied with are rounded to bfloat16.
    case bfloat16

    /// What is written down beside a result: nothing for what holds unless something else is said.
    package var noted: Precision? { self == .float32 ? nil : self }
}
