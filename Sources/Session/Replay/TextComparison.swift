/// Compares two texts whose numbers are rounded figures: their words must be the same, their whole numbers too; numbers
/// with a decimal point may differ by one in the last digit that is shown.
package enum TextComparison {
    package enum Outcome { case same, rounding, different }

    package static func outcome(_ recorded: String, _ now: String, tolerance: Double) -> Outcome {
        if recorded == now { return .same }
        let (old, new) = (pieces(recorded), pieces(now))
        guard old.count == new.count else { return .different }
        let agree = zip(old, new).allSatisfy { $0.agrees(with: $1, tolerance: tolerance) }
        return agree ? .rounding : .different
    }

    private enum Piece {
        case words(String)
        /// - Parameter step: the value of one in its last digit.
        case number(Double, step: Double)

        func agrees(with other: Piece, tolerance: Double) -> Bool {
            switch (self, other) {
            case (.words(let left), .words(let right)): return left == right
            case (.number(let left, let leftStep), .number(let right, let rightStep)):
                if left == right { return true }
                let step = max(leftStep, rightStep)
                // 1 stands for a whole number, which is a count.
                guard min(leftStep, rightStep) < 1, tolerance > 0 else { return false }
                return abs(left - right) <= 1.000001 * step + tolerance * max(abs(left), abs(right))
            default: return false
            }
        }
    }

    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let match = rest.firstMatch(of: #/[+-]?\d[\d,]*(?:\.(\d+))?(?:[eE][+-]?\d+)?/#) {
            pieces.append(.words(String(rest[..<match.range.lowerBound])))
            let digits = match.output.1?.count ?? 0
            if let value = Double(match.output.0.replacing(",", with: "")) {
                var step = 1.0
                for _ in 0..<min(digits, 20) { step /= 10 }
                pieces.append(.number(value, step: step))
            } else {
                pieces.append(.words(String(match.output.0)))
            }
            rest = rest[match.range.upperBound...]
        }
        pieces.append(.words(String(rest)))
        return pieces
    }
}
