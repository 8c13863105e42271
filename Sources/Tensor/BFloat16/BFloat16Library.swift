import COpenBLAS
import Foundation

/// A library that multiplies bfloat16 matrices and adds in float32.
///
/// amp needs none and is built without: one that the system has is found when it is first asked for.
package protocol BFloat16Library: Sendable {
    /// Name and version: "oneDNN 2.6.3".
    var name: String { get }

    /// c (m, n) = a (m, k) · b, or added to what is there, with b as (k, n) or transposed as (n, k); on the calling thread.
    ///
    /// - Returns: whether it was done.
    func multiply(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<UInt16>, lda: Int, _ b: UnsafePointer<UInt16>, ldb: Int,
        _ orientation: Orientation, into c: UnsafeMutablePointer<Float>, ldc: Int, accumulating: Bool
    ) -> Bool
}

package enum BFloat16Error: Error, Sendable, Hashable {
    /// - Parameters:
    ///   - missing: what was looked for and is not there.
    ///   - unsuited: what is there, but has no such products for this processor.
    case noLibrary(missing: [String], unsuited: [String])
}

extension Precision {
    /// The first library that is there and computes correctly on this processor.
    package static var bfloat16Library: any BFloat16Library {
        get throws(BFloat16Error) { try found.get() }
    }

    private static let found: Result<any BFloat16Library, BFloat16Error> = {
        var (missing, unsuited): ([String], [String]) = ([], [])
        let installed = OneDNN.files.lazy.compactMap(OneDNN.init).first
        let candidates: [(library: (any BFloat16Library)?, title: String)] = [
            (installed, "oneDNN (\(OneDNN.files.joined(separator: ", ")))"),
            (BFloat16BLAS(), "cblas_sbgemm in \(BLAS.version)"),
        ]
        for (library, title) in candidates {
            guard let library else {
                missing.append(title)
                continue
            }
            if library.isCorrect { return .success(library) }
            unsuited.append(library.name)
        }
        return .failure(.noLibrary(missing: missing, unsuited: unsuited))
    }()
}

extension BFloat16Library {
    /// Whether small products of whole numbers come out as they are, in both orientations.
    fileprivate var isCorrect: Bool {
        let (m, n, k) = (5, 19, 37)
        func numbers(_ count: Int, _ factor: Int) -> [Float] { (0..<count).map { Float($0 * factor % 13 - 6) } }
        func narrow(_ values: [Float]) -> [UInt16] { values.map { UInt16($0.bitPattern >> 16) } }
        let a = numbers(m * k, 7)
        let b = numbers(n * k, 5)
        let before = numbers(m * n, 3)
        return [Orientation.plain, .transposed].allSatisfy { orientation in
            var c = before
            let isDone = multiply(
                m, n, k, narrow(a), lda: k, narrow(b), ldb: orientation == .plain ? n : k, orientation, into: &c,
                ldc: n, accumulating: true)
            return isDone
                && (0..<(m * n)).allSatisfy { index in
                    let (row, column) = (index / n, index % n)
                    let sum = (0..<k).reduce(before[index]) {
                        $0 + a[row * k + $1] * b[orientation == .plain ? $1 * n + column : column * k + $1]
                    }
                    return c[index] == sum
                }
        }
    }
}

/// The same product by the BLAS library in float32, of operands that are widened first: what takes over where the library
/// has no memory left, and what its products are compared with.
package func multiplyWidened(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<UInt16>, lda: Int, _ b: UnsafePointer<UInt16>, ldb: Int,
    _ orientation: Orientation, into c: UnsafeMutablePointer<Float>, ldc: Int, accumulating: Bool
) {
    func widened(_ source: UnsafePointer<UInt16>, rows: Int, columns: Int, stride: Int) -> FloatBuffer {
        let result = FloatBuffer([rows, columns])
        for row in 0..<rows { widenBFloat(source + row * stride, count: columns, into: result.row(row)) }
        return result
    }
    let left = widened(a, rows: m, columns: k, stride: lda)
    let right = widened(
        b, rows: orientation == .plain ? k : n, columns: orientation == .plain ? n : k, stride: ldb)
    multiply(
        m, n, k, left.pointer, lda: k, right.pointer, ldb: right.rowCount, orientation, into: c, ldc: ldc,
        accumulating: accumulating)
}
