/// The numbers a value may take.
package struct Limits: Hashable, Sendable {
    package enum Bound: Hashable, Sendable {
        case included(Double)
        case excluded(Double)
    }

    package let lower: Bound?
    package let upper: Bound?

    package init(lower: Bound? = nil, upper: Bound? = nil) {
        self.lower = lower
        self.upper = upper
    }

    package static let any = Limits()
    package static func atLeast(_ low: Double) -> Limits { Limits(lower: .included(low)) }
    package static func above(_ low: Double) -> Limits { Limits(lower: .excluded(low)) }
    package static func atMost(_ high: Double) -> Limits { Limits(upper: .included(high)) }
    package static func below(_ high: Double) -> Limits { Limits(upper: .excluded(high)) }
    /// From `low` to `high`, both included.
    package static func between(_ low: Double, _ high: Double) -> Limits {
        Limits(lower: .included(low), upper: .included(high))
    }
    /// Greater than `low`, at most `high`.
    package static func above(_ low: Double, atMost high: Double) -> Limits {
        Limits(lower: .excluded(low), upper: .included(high))
    }
    /// Greater than `low`, less than `high`.
    package static func above(_ low: Double, below high: Double) -> Limits {
        Limits(lower: .excluded(low), upper: .excluded(high))
    }

    package func contains(_ number: Double) -> Bool {
        let low =
            switch lower {
            case .included(let bound): number >= bound
            case .excluded(let bound): number > bound
            case nil: true
            }
        let high =
            switch upper {
            case .included(let bound): number <= bound
            case .excluded(let bound): number < bound
            case nil: true
            }
        return low && high
    }
}
