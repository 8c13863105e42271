/// Which hidden neurons each block keeps: a pruned model is a view of its source checkpoint through these indices.
package struct KeptNeurons: Sendable, Hashable, Codable {
    /// For each block the kept indices in storage order (descending importance), or nil where all are kept.
    package private(set) var blocks: [[Int]?]

    /// Everything, for a model of that depth.
    package init(allOf depth: Int) { blocks = Array(repeating: nil, count: depth) }

    package subscript(block: Int) -> [Int]? { blocks[block] }

    package var isEverything: Bool { blocks.allSatisfy { $0 == nil } }

    /// The view through `positions` of what block `block` keeps now.
    ///
    /// Positions count the neurons of this view, not of the source, so pruning twice composes.
    package func keeping(_ positions: [Int], of block: Int) -> KeptNeurons {
        var result = self
        result.blocks[block] = blocks[block].map { kept in positions.map { kept[$0] } } ?? positions
        return result
    }

    /// The hidden widths that are left of a source's.
    package func widths(of source: [Int]) -> [Int] {
        zip(blocks, source).map { kept, width in kept?.count ?? width }
    }
}
