/// What a product's result begins with.
package enum ProductStart {
    case zero
    /// The same values in every row (columns).
    case bias(UnsafePointer<Float>)
    /// What is there already.
    case result
}

/// The right operand b (depth, columns) of products, copied into the order in which the kernel reads it.
///
/// b is cut into blocks of its depth, these into panels of 48 columns. A panel holds its columns for one depth after the
/// other, so a product reads it from end to end. The last panel is filled up with zeros. Cutting by cache follows Goto and
/// van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008).
package final class PackedMatrix: Sendable {
    /// Whether products with packed matrices are faster than the BLAS library's on the processor amp was built for.
    package static let isSupported = Tile.isSupported

    package let depth: Int
    package let columns: Int
    private let blockDepth: Int
    private let panels: Int
    private let values: FloatBuffer

    /// Rows of a left operand of one block that stay in the second-level cache beside a panel.
    private static let stripRows = 256
    /// The depth up to which a block's panel and strip fit that cache.
    private static let largestBlock = 768

    /// Floats that the packed form of such a matrix takes.
    package static func count(depth: Int, columns: Int) -> Int {
        (columns + Tile.columns - 1) / Tile.columns * Tile.columns * depth
    }

    /// - Parameters:
    ///   - source: b as (depth, columns), or transposed as (columns, depth).
    ///   - stride: floats between two rows of it.
    package init(_ source: UnsafePointer<Float>, depth: Int, columns: Int, stride: Int, _ orientation: Orientation) {
        self.depth = depth
        self.columns = columns
        panels = (columns + Tile.columns - 1) / Tile.columns
        let blocks = max(1, (depth + Self.largestBlock - 1) / Self.largestBlock)
        blockDepth = max(1, (depth + blocks - 1) / blocks)
        values = FloatBuffer([Self.count(depth: depth, columns: columns)])
        var target = values.pointer
        for block in Swift.stride(from: 0, to: depth, by: blockDepth) {
            let range = block..<min(block + blockDepth, depth)
            for first in Swift.stride(from: 0, to: columns, by: Tile.columns) {
                let width = min(Tile.columns, columns - first)
                if width < Tile.columns { target.update(repeating: 0, count: range.count * Tile.columns) }
                switch orientation {
                case .plain:
                    for (row, index) in range.enumerated() {
                        (target + row * Tile.columns).update(from: source + index * stride + first, count: width)
                    }
                case .transposed:
                    for column in 0..<width {
                        let line = source + (first + column) * stride + range.lowerBound
                        for row in 0..<range.count { target[row * Tile.columns + column] = line[row] }
                    }
                }
                target += range.count * Tile.columns
            }
        }
    }

    /// c (rows, columns) = start + a (rows, depth) · b. Runs on the calling thread.
    ///
    /// - Parameter depth: how much of the depth takes part, from its beginning; nil for all.
    package func multiply(
        _ a: UnsafePointer<Float>, lda: Int, rows: Int, depth: Int? = nil, start: ProductStart,
        into c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        let depth = depth ?? self.depth
        guard rows > 0, columns > 0 else { return }
        // Room for a block of rows that don't fill a tile, a tile of results, and a panel's share of the bias.
        let scratch = Tile.rows * blockDepth + Tile.rows * Tile.columns + Tile.columns
        withUnsafeTemporaryAllocation(byteCount: scratch * MemoryLayout<Float>.stride, alignment: 64) { bytes in
            guard let base = bytes.baseAddress?.bindMemory(to: Float.self, capacity: scratch) else { return }
            for first in stride(from: 0, to: rows, by: Self.stripRows) {
                // A depth of nothing still writes its start.
                for block in stride(from: 0, to: max(depth, 1), by: blockDepth) {
                    multiplyBlock(
                        a + first * lda + block, lda: lda, rows: min(Self.stripRows, rows - first),
                        block: block..<min(block + blockDepth, depth), start: block == 0 ? start : .result,
                        into: c + first * ldc, ldc: ldc, scratch: base)
                }
            }
        }
    }

    /// The share of one block of the depth in one strip of rows.
    private func multiplyBlock(
        _ a: UnsafePointer<Float>, lda: Int, rows: Int, block: Range<Int>, start: ProductStart,
        into c: UnsafeMutablePointer<Float>, ldc: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        let whole = rows / Tile.rows * Tile.rows
        let lastRows = scratch
        let tile = scratch + Tile.rows * blockDepth
        let lastBias = tile + Tile.rows * Tile.columns
        for row in whole..<rows {
            (lastRows + (row - whole) * block.count).update(from: a + row * lda, count: block.count)
        }
        // Panels of a block lie one after the other; those of the blocks before fill whole rows of panels.
        let inBlock = min(blockDepth, depth - block.lowerBound)
        // Every tile fetches its share of the next panel, which all tiles then find in the cache.
        let tiles = (rows + Tile.rows - 1) / Tile.rows
        let share = (Tile.columns * MemoryLayout<Float>.stride + tiles - 1) / tiles
        var panel = UnsafePointer(values.pointer) + block.lowerBound * panels * Tile.columns
        for column in stride(from: 0, to: columns, by: Tile.columns) {
            let width = min(Tile.columns, columns - column)
            var begin: UnsafePointer<Float>?
            var adding = false
            switch start {
            case .zero: break
            case .result: adding = true
            case .bias(let bias):
                begin = bias + column
                if width < Tile.columns {
                    lastBias.update(from: bias + column, count: width)
                    begin = UnsafePointer(lastBias)
                }
            }
            let next = UnsafeRawPointer(panel + inBlock * Tile.columns)
            func multiply(
                _ a: UnsafePointer<Float>, lda: Int, tile index: Int, into c: UnsafeMutablePointer<Float>, ldc: Int,
                adding: Bool
            ) {
                multiplyTile(
                    depth: block.count, a, lda: lda, panel: panel, start: begin, into: c, ldc: ldc, adding: adding,
                    ahead: next + index * share * block.count, aheadStride: share)
            }
            for row in stride(from: 0, to: whole, by: Tile.rows) {
                let target = c + row * ldc + column
                if width == Tile.columns {
                    multiply(a + row * lda, lda: lda, tile: row / Tile.rows, into: target, ldc: ldc, adding: adding)
                } else {
                    multiply(
                        a + row * lda, lda: lda, tile: row / Tile.rows, into: tile, ldc: Tile.columns, adding: false)
                    copy(tile, rows: Tile.rows, columns: width, to: target, ldc: ldc, adding: adding)
                }
            }
            if whole < rows {
                multiply(
                    lastRows, lda: block.count, tile: whole / Tile.rows, into: tile, ldc: Tile.columns, adding: false)
                copy(tile, rows: rows - whole, columns: width, to: c + whole * ldc + column, ldc: ldc, adding: adding)
            }
            panel += inBlock * Tile.columns
        }
    }

    private func copy(
        _ tile: UnsafePointer<Float>, rows: Int, columns: Int, to c: UnsafeMutablePointer<Float>, ldc: Int, adding: Bool
    ) {
        for row in 0..<rows {
            let source = tile + row * Tile.columns
            let target = c + row * ldc
            if adding {
                for column in 0..<columns { target[column] += source[column] }
            } else {
                target.update(from: source, count: columns)
            }
        }
    }
}
