/// The time that is left for a series of measurements, and what the next one will take of it.
struct GrowthBudget {
    private var left: Double
    /// Seconds for each operation of a kind of work, as last measured.
    private var rates: [String: Double] = [:]

    init(seconds: Double) { left = seconds }

    /// Whether work of that many operations fits. What was never measured may be tried.
    func allows(_ work: String, size: Double) -> Bool {
        guard let rate = rates[work] else { return left > 0 }
        return rate * size <= left
    }

    mutating func spent(_ work: String, size: Double, seconds: Double) {
        left -= seconds
        rates[work] = seconds / size
    }
}
