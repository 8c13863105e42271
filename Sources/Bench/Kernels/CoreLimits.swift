import Tensor

/// What the cores can do at most, measured: everything else is a share of it.
enum CoreLimits {
    /// Floating-point operations a second of `threads` cores that multiply and add in registers and do nothing else.
    static func arithmetic(threads: Int) throws -> Double {
        let rounds = 4_000_000
        var best = Double.infinity
        for _ in 0..<5 {
            best = min(
                best,
                try seconds {
                    try Parallel.forEach(threads) { seed in consume(fusedMultiplyAdds(rounds, Float(seed))) }
                })
        }
        return Double(threads * rounds * 12 * 16 * 2) / best
    }

    /// Bytes a second that `threads` cores read from memory that no cache holds.
    static func reading(threads: Int) throws -> Double {
        let buffers = (0..<threads).map { _ in FloatBuffer([bytes / 4], filledWith: 1) }
        return try rate(threads: threads, bytes: bytes) { consume(sum(buffers[$0])) }
    }

    /// Bytes a second that `threads` cores copy, read and written ones counted both.
    static func copying(threads: Int) throws -> Double {
        let sources = (0..<threads).map { _ in FloatBuffer([bytes / 4], filledWith: 1) }
        let targets = (0..<threads).map { _ in FloatBuffer([bytes / 4], filledWith: 0) }
        return try rate(threads: threads, bytes: 2 * bytes) { index in
            targets[index].pointer.update(from: sources[index].pointer, count: sources[index].count)
        }
    }

    /// Of one thread's share. Larger than any share of a last-level cache that a core may call its own.
    private static let bytes = 512 << 20

    private static func rate(threads: Int, bytes: Int, _ body: @Sendable (Int) -> Void) throws -> Double {
        var best = Double.infinity
        for _ in 0..<4 { best = min(best, try seconds { try Parallel.forEach(threads, body) }) }
        return Double(threads * bytes) / best
    }

    /// Twelve independent chains of vectors: enough to keep two units of a latency of four or five cycles busy.
    @inline(never)
    private static func fusedMultiplyAdds(_ rounds: Int, _ seed: Float) -> Float {
        typealias Vector = SIMD16<Float>
        let factor = Vector(repeating: 0.999_999)
        let summand = Vector(repeating: 1e-6 + seed)
        var (a, b, c, d, e, f) = (factor, factor, factor, factor, factor, factor)
        var (g, h, i, j, k, l) = (factor, factor, factor, factor, factor, factor)
        for _ in 0..<rounds {
            a = summand.addingProduct(a, factor)
            b = summand.addingProduct(b, factor)
            c = summand.addingProduct(c, factor)
            d = summand.addingProduct(d, factor)
            e = summand.addingProduct(e, factor)
            f = summand.addingProduct(f, factor)
            g = summand.addingProduct(g, factor)
            h = summand.addingProduct(h, factor)
            i = summand.addingProduct(i, factor)
            j = summand.addingProduct(j, factor)
            k = summand.addingProduct(k, factor)
            l = summand.addingProduct(l, factor)
        }
        return (a + b + c + d + e + f + g + h + i + j + k + l).sum()
    }

    @inline(never)
    private static func sum(_ buffer: FloatBuffer) -> Float {
        var (a, b) = (SIMD16<Float>(), SIMD16<Float>())
        var (c, d) = (a, b)
        let base = UnsafeRawPointer(buffer.pointer)
        for offset in stride(from: 0, to: buffer.count * 4, by: 256) {
            a += (base + offset).load(as: SIMD16<Float>.self)
            b += (base + offset + 64).load(as: SIMD16<Float>.self)
            c += (base + offset + 128).load(as: SIMD16<Float>.self)
            d += (base + offset + 192).load(as: SIMD16<Float>.self)
        }
        return (a + b + c + d).sum()
    }

    /// Keeps a value that nobody needs from being left out.
    @inline(never) @_optimize(none)
    private static func consume(_ value: Float) {}
}
