import Models
import Tensor

/// How the calibration images are cut up, what of them is kept between blocks within a memory limit, and what it costs.
///
/// The sums of one block and the rows that are worked on have to fit. Beside them the tokens of as many units as fit are
/// kept; the others are computed again from the inputs for each compensated block.
struct CompensationLayout: Sendable {
    let shape: TokenShape
    let units: Units
    /// Units whose rows are added up at a time, whatever the number of threads.
    let unitsPerChunk: Int
    /// Chunks that are worked on at the same time.
    let chunksTogether: Int
    let residentUnits: Int
    /// What is taken whatever is kept between blocks, in bytes.
    let fixedBytes: Int
    /// All that is taken, in bytes.
    let bytes: Int

    /// Rows that products are made of in float32 before they are added in float64.
    private static let chunkRows = 1024

    var chunks: Int { (units.count + unitsPerChunk - 1) / unitsPerChunk }

    func units(ofChunk chunk: Int) -> Range<Int> {
        chunk * unitsPerChunk..<min((chunk + 1) * unitsPerChunk, units.count)
    }

    /// - Parameters:
    ///   - reference: the model that targets come from, where it is another stream.
    ///   - features: how many neurons of each block take part in the sums.
    init(
        _ transformer: Transformer, reference: Transformer?, shape: InputShape, inputs: Int, features: [Int],
        method: Compensation.Method, limit: Int
    ) throws {
        self.shape = try transformer.tokens(of: shape)
        let tokens = self.shape.count
        let width = transformer.architecture.width
        let float = MemoryLayout<Float>.stride
        units = Units(inputs: inputs, tokens: tokens)
        let unitRows = units.size * tokens
        unitsPerChunk = max(1, Self.chunkRows / max(1, unitRows))
        // Enough units for all threads.
        chunksTogether = max(1, min((2 * Parallel.cores + unitsPerChunk - 1) / unitsPerChunk, 64))
        let most = features.max() ?? 0
        let expanded = ((transformer.blocks + (reference?.blocks ?? [])).map(\.expandedWidth).max() ?? 0)
        let workspace = Parallel.cores * unitRows * (8 * width + 3 * expanded) * float
        let rows = chunksTogether * unitsPerChunk * unitRows * (most + width) * float
        let fixed = MomentSums.bytes(features: most, outputs: width, method: method) + workspace + rows
        guard fixed <= limit else { throw PruningError.memory(needed: fixed, limit: limit) }
        let each = unitRows * width * float * (reference == nil ? 1 : 2)
        fixedBytes = fixed
        residentUnits = min(units.count, (limit - fixed) / max(1, each))
        bytes = fixed + residentUnits * each
    }
}

/// What compensation costs, in floating-point operations.
package struct CompensationWork: Sendable, Hashable, Codable {
    /// Forward passes.
    package var forward = 0
    /// The products that are added up.
    package var sums = 0
    /// The equations.
    package var solutions = 0

    package var all: Int { forward + sums + solutions }

    /// A symmetric system of that order with so many right sides, by Cholesky.
    static func solution(features: Int, outputs: Int) -> Int {
        features * features * features / 3 + 2 * features * features * outputs
    }
}
