/// Picks rows by what they add to the rows picked before: Gram–Schmidt with pivoting, in float64.
///
/// A row's part outside the span of those picked only shrinks. So a norm that was right some steps ago is a bound now, and
/// only rows whose bound is the largest are brought up to date. The order is that of the plain algorithm, which
/// updates every row after each pick.
struct PivotedGramSchmidt: ~Copyable {
    private let width: Int
    /// `width` rounded up to whole vectors; what is beyond is 0.
    private let stride: Int
    /// What is left of each row (rows, stride).
    private let residuals: UnsafeMutablePointer<Double>
    /// Unit vectors of the picks (picks, stride).
    private let basis: UnsafeMutablePointer<Double>
    private var picks = 0
    private let limit: Int
    /// Squares of the residuals' norms, or what they were when last computed.
    private var norms: [Double]
    /// How many picks have been subtracted from each row.
    private var subtracted: [Int]
    /// Rows still to be picked: each has a norm no smaller than those of its two children.
    private var heap: [Int]

    /// - Parameters:
    ///   - limit: how many rows may be picked at most.
    ///   - fill: writes row `index` (width).
    init(rows: Int, width: Int, limit: Int, fill: (_ index: Int, _ row: UnsafeMutablePointer<Double>) -> Void) {
        self.width = width
        self.limit = limit
        stride = (width + 31) / 32 * 32
        residuals = .allocate(capacity: max(1, rows * stride))
        residuals.initialize(repeating: 0, count: max(1, rows * stride))
        basis = .allocate(capacity: max(1, limit * stride))
        basis.initialize(repeating: 0, count: max(1, limit * stride))
        subtracted = Array(repeating: 0, count: rows)
        var norms: [Double] = []
        for index in 0..<rows {
            let row = residuals + index * stride
            fill(index, row)
            norms.append(dot(row, row, stride))
        }
        self.norms = norms
        // What is sorted is a heap.
        heap = (0..<rows).sorted { (norms[$0], $1) > (norms[$1], $0) }
    }

    deinit {
        residuals.deallocate()
        basis.deallocate()
    }

    /// The row with most outside the span of those picked, of equal ones the first; nil when all that is left of any
    /// has no larger norm than the square root of `least`, or the limit is reached.
    mutating func next(above least: Double) -> Int? {
        while picks < limit, let top = heap.first {
            guard subtracted[top] == picks else {
                update(top)
                siftDown()
                continue
            }
            guard norms[top] > least else { return nil }
            removeTop()
            keep(top)
            return top
        }
        return nil
    }

    private mutating func update(_ row: Int) {
        let values = residuals + row * stride
        for pick in subtracted[row]..<picks { subtract(basis + pick * stride, from: values) }
        subtracted[row] = picks
        // Rounding must not raise a bound.
        norms[row] = min(norms[row], dot(values, values, stride))
    }

    /// Makes a unit vector of a pick. It is subtracted from once more, since what is left of a row may be small beside what was taken.
    private mutating func keep(_ row: Int) {
        let values = residuals + row * stride
        for pick in 0..<picks { subtract(basis + pick * stride, from: values) }
        let length = dot(values, values, stride).squareRoot()
        let unit = basis + picks * stride
        for column in 0..<width { unit[column] = length > 0 ? values[column] / length : 0 }
        picks += 1
    }

    private func subtract(_ unit: UnsafePointer<Double>, from values: UnsafeMutablePointer<Double>) {
        let share = SIMD8<Double>(repeating: -dot(unit, values, stride))
        for column in Swift.stride(from: 0, to: stride, by: 8) {
            let vector = load(values + column).addingProduct(share, load(unit + column))
            UnsafeMutableRawPointer(values + column).storeBytes(of: vector, as: SIMD8<Double>.self)
        }
    }

    // MARK: The heap

    private func stands(_ a: Int, before b: Int) -> Bool { (norms[a], b) > (norms[b], a) }

    private mutating func removeTop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
    }

    private mutating func siftDown() {
        var place = 0
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if stands(heap[child], before: heap[first]) { first = child }
            }
            guard first != place else { return }
            heap.swapAt(first, place)
            place = first
        }
    }
}

private func load(_ values: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Double>.self)
}

/// - Parameter count: a multiple of 32, in four sums that do not wait for one another.
private func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var sums = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
    for place in stride(from: 0, to: count, by: 32) {
        sums.0.addProduct(load(a + place), load(b + place))
        sums.1.addProduct(load(a + place + 8), load(b + place + 8))
        sums.2.addProduct(load(a + place + 16), load(b + place + 16))
        sums.3.addProduct(load(a + place + 24), load(b + place + 24))
    }
    return ((sums.0 + sums.1) + (sums.2 + sums.3)).sum()
}
