/// Did-you-mean: the legal words a typed word is closest to.
package enum Suggestion {
    /// The candidates at the smallest distance, if that is at most max(1, length/3) and not the whole word.
    package static func near(_ word: String, among candidates: [String]) -> [String] {
        let typed = Array(word.lowercased().unicodeScalars)
        // A very long word is near nothing, and comparing it would take quadratic time.
        guard !typed.isEmpty, typed.count <= 64 else { return [] }
        let limit = min(max(1, typed.count / 3), typed.count - 1)
        var best = limit
        var found: [String] = []
        for candidate in candidates {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - typed.count) <= best else { continue }
            let distance = distance(typed, letters)
            guard distance <= best, distance < letters.count else { continue }
            if distance < best || found.isEmpty {
                best = distance
                found = [candidate]
            } else if !found.contains(candidate) {
                found.append(candidate)
            }
        }
        return found
    }

    /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count one.
    package static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var distance = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    distance = min(distance, beforeLast[column - 2] + 1)
                }
                current[column] = distance
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
