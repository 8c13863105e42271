extension Vocabulary {
    /// The pieces that a word's symbols become: again and again the pair of lowest rank, the leftmost of equal ones.
    ///
    /// Pairs wait in a heap, so that a word of n bytes takes n log n steps however it is made.
    func merging(_ symbols: [Int32]) -> [Int32] {
        guard symbols.count > 1 else { return symbols }
        var symbols = symbols
        // Neighbours of each symbol that is left; `next` is `count` at the end.
        let count = symbols.count
        var next = Array(1...count)
        var previous = Array(-1..<(count - 1))
        var isLeft = [Bool](repeating: true, count: count)
        var waiting = PairHeap()

        func wait(at position: Int) {
            let right = next[position]
            guard right < count, let merge = merge(symbols[position], symbols[right]) else { return }
            waiting.insert(
                Pair(rank: merge.rank, position: position, left: symbols[position], right: symbols[right], id: merge.id)
            )
        }
        for position in 0..<(count - 1) { wait(at: position) }
        while let pair = waiting.removeFirst() {
            let (left, right) = (pair.position, next[pair.position])
            // What waited may have been merged with its other neighbour in the meantime.
            guard isLeft[left], right < count, symbols[left] == pair.left, symbols[right] == pair.right else {
                continue
            }
            symbols[left] = pair.id
            isLeft[right] = false
            next[left] = next[right]
            if next[right] < count { previous[next[right]] = left }
            if previous[left] >= 0 { wait(at: previous[left]) }
            wait(at: left)
        }
        return symbols.indices.filter { isLeft[$0] }.map { symbols[$0] }
    }
}

/// Two neighbours that could become one.
private struct Pair {
    let rank: Int32
    let position: Int
    let left: Int32
    let right: Int32
    let id: Int32

    static func < (left: Pair, right: Pair) -> Bool { (left.rank, left.position) < (right.rank, right.position) }
}

/// A binary heap; the first pair has the lowest rank.
private struct PairHeap {
    private var pairs: [Pair] = []

    mutating func insert(_ pair: Pair) {
        var index = pairs.count
        pairs.append(pair)
        while index > 0, pair < pairs[(index - 1) / 2] {
            pairs.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() -> Pair? {
        guard let first = pairs.first, let last = pairs.popLast() else { return nil }
        guard !pairs.isEmpty else { return first }
        pairs[0] = last
        var index = 0
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < pairs.count && pairs[child] < pairs[smallest] {
                smallest = child
            }
            guard smallest != index else { return first }
            pairs.swapAt(index, smallest)
            index = smallest
        }
    }
}
