import Tensor

/// One block at work on a few inputs: attention, then the MLP, each with its residual connection.
///
/// It is split where scoring and search need it: what enters the block, the middle (after attention), the hidden
/// pre-activations, the hidden activations.
package struct Block: Sendable {
    package let weights: BlockWeights
    package let tokens: Int
    /// The tokens whose output is wanted.
    package let rows: TokenRows
    package let width: Int
    package let order: NormOrder
    let attention: AttentionShape
    let activation: Activation
    let strips: Strips
    /// The turns of patches, which come after `prefixTokens`.
    let rotation: (angles: RotaryTable.Angles, pairing: RotaryPairing, prefixTokens: Int)?

    /// Rows of the block's output for one input.
    package var rowsPerInput: Int { rows.count(of: tokens) }
    package var hiddenWidth: Int { weights.hiddenWidth }
    /// Columns of the pre-activations: the hidden width, twice that where a gate has its own.
    package var expandedWidth: Int { weights.expandedWidth }

    init(
        weights: BlockWeights, architecture: Architecture, shape: TokenShape, rows: TokenRows, rotary: RotaryTable?,
        spread: Spread
    ) {
        self.weights = weights
        self.rows = rows
        tokens = shape.count
        width = architecture.width
        order = architecture.normOrder
        activation = architecture.activation
        strips = Strips(spread: spread)
        attention = AttentionShape(
            tokens: shape.count, heads: architecture.heads, headWidth: architecture.headWidth,
            queries: rows.count(of: shape.count), isCausal: architecture.isCausal)
        rotation = rotary.flatMap { rotary in
            shape.grid.map { (rotary.angles(on: $0), rotary.pairing, architecture.prefixTokens) }
        }
    }

    /// The whole block: x (inputs, tokens, width) → y (inputs, rows, width). `y` may be `x` where all rows are wanted.
    package func run(
        _ x: UnsafePointer<Float>, of sequences: Sequences, into y: UnsafeMutablePointer<Float>,
        workspaces: WorkspacePool
    ) {
        attend(x, of: sequences, into: y, workspaces: workspaces)
        finish(y, rows: sequences.count * rowsPerInput, workspaces: workspaces)
    }

    /// The whole MLP with its residual connection, in place: `y` (rows, width) holds the middle on entry and the block's
    /// output on return.
    package func finish(_ y: UnsafeMutablePointer<Float>, rows: Int, workspaces: WorkspacePool) {
        strips.forEach(rows) { strip in
            workspaces.borrow(strip.count * expandedWidth) { hidden in
                let y = y + strip.lowerBound * width
                expand(y, rows: strip.count, into: hidden, workspaces: workspaces)
                activate(hidden, rows: strip.count, into: hidden)
                contract(hidden, rows: strip.count, joining: y, workspaces: workspaces)
            }
        }
    }
}

extension Transformer {
    /// Block `index` at work on inputs of that many tokens.
    ///
    /// Throws `ModelError.nonFiniteWeight` where its weights are read for the first time and one is no number.
    package func block(
        _ index: Int, shape: TokenShape, rows: TokenRows? = nil, spread: Spread = .alone
    ) throws -> Block {
        Block(
            weights: try blocks[index].weights(), architecture: architecture, shape: shape,
            rows: rows ?? self.rows(ofBlock: index),
            rotary: rotary, spread: spread)
    }
}
