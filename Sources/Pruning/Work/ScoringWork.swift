import Models

/// What one input costs a Taylor scorer, in floating-point operations: forward, and back to the lowest layer wanted.
package struct ScoringWork: Sendable {
    let forward: ForwardWork
    let widths: [Int]
    let lowest: Int
    /// Blocks from this one on keep what the way back needs; the others compute it again.
    let firstKeptWhole: Int

    func block(_ index: Int) -> Int { forward.attention(index) + forward.mlp(index, hidden: widths[index]) }

    func blockBackward(_ index: Int) -> Int {
        let hidden = widths[index]
        let again =
            index < firstKeptWhole ? forward.attention(index) + forward.expansion(index, hidden: hidden) : 0
        let output = forward.contraction(index, hidden: hidden)
        guard index > lowest else { return again + output }
        return again + output + forward.expansion(index, hidden: hidden) + forward.attentionBackward(index)
    }

    package var whole: Int {
        let back = (lowest..<max(lowest, widths.count)).reduce(0) { $0 + blockBackward($1) }
        return forward.whole(widths: widths) + back
    }
}
