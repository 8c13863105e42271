import CProcessor

/// The part of a product's result that is held in registers: 8 rows of three vectors of 16 floats.
///
/// 24 of the 32 registers that AVX-512 has; three more hold the columns of the right operand, one a value of the left.
enum Tile {
    static let rows = 8
    static let columns = 48

    /// Whether amp was built for a processor with such registers.
    static let isSupported = AMP_VECTOR_BYTES >= 64
}

/// One row of a tile.
private struct TileRow {
    var x: SIMD16<Float>
    var y: SIMD16<Float>
    var z: SIMD16<Float>

    @inline(__always)
    init(_ source: UnsafePointer<Float>) {
        let source = UnsafeRawPointer(source)
        x = source.loadUnaligned(as: SIMD16<Float>.self)
        y = source.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
        z = source.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self)
    }

    @inline(__always)
    init() {
        x = SIMD16()
        y = SIMD16()
        z = SIMD16()
    }

    /// self += value · columns
    @inline(__always)
    mutating func add(_ value: Float, times columns: TileRow) {
        let value = SIMD16<Float>(repeating: value)
        x.addProduct(value, columns.x)
        y.addProduct(value, columns.y)
        z.addProduct(value, columns.z)
    }

    @inline(__always)
    func store(_ target: UnsafeMutablePointer<Float>, adding: Bool) {
        var result = self
        if adding {
            let before = TileRow(target)
            result.x += before.x
            result.y += before.y
            result.z += before.z
        }
        let target = UnsafeMutableRawPointer(target)
        target.storeBytes(of: result.x, as: SIMD16<Float>.self)
        target.storeBytes(of: result.y, toByteOffset: 64, as: SIMD16<Float>.self)
        target.storeBytes(of: result.z, toByteOffset: 128, as: SIMD16<Float>.self)
    }
}

/// c (8, 48) = start + a (8, depth) · panel (depth, 48), or added to what is there.
///
/// Written out row by row: only then does every row stay in registers.
///
/// - Parameters:
///   - start: what every row begins with (48); nil for zero.
///   - ahead: what the core's cache will be asked for by the next products, of which `aheadStride` bytes are fetched with
///     each step of the depth. Without it the kernel waits for the next panel, a tenth of its time.
@inline(never)
func multiplyTile(
    depth: Int, _ a: UnsafePointer<Float>, lda: Int, panel: UnsafePointer<Float>, start: UnsafePointer<Float>?,
    into c: UnsafeMutablePointer<Float>, ldc: Int, adding: Bool,
    ahead: UnsafeRawPointer, aheadStride: Int
) {
    let first = start.map { TileRow($0) } ?? TileRow()
    var (row0, row1, row2, row3) = (first, first, first, first)
    var (row4, row5, row6, row7) = (first, first, first, first)
    var a = a
    var panel = panel
    var ahead = ahead
    for _ in 0..<depth {
        let columns = TileRow(panel)
        row0.add(a[0], times: columns)
        row1.add(a[lda], times: columns)
        row2.add(a[2 &* lda], times: columns)
        row3.add(a[3 &* lda], times: columns)
        row4.add(a[4 &* lda], times: columns)
        row5.add(a[5 &* lda], times: columns)
        row6.add(a[6 &* lda], times: columns)
        row7.add(a[7 &* lda], times: columns)
        a += 1
        panel += Tile.columns
        amp_prefetch(ahead)
        ahead += aheadStride
    }
    row0.store(c, adding: adding)
    row1.store(c + ldc, adding: adding)
    row2.store(c + 2 &* ldc, adding: adding)
    row3.store(c + 3 &* ldc, adding: adding)
    row4.store(c + 4 &* ldc, adding: adding)
    row5.store(c + 5 &* ldc, adding: adding)
    row6.store(c + 6 &* ldc, adding: adding)
    row7.store(c + 7 &* ldc, adding: adding)
}
