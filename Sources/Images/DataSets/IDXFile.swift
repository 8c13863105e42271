import Compression

/// An IDX file of unsigned bytes, plain or compressed by gzip (told by its first bytes).
///
/// Format: two zeros, type 8, the number of dimensions; each dimension as a big-endian 32-bit number; the bytes.
struct IDXFile: Sendable {
    let dimensions: [Int]
    let bytes: [UInt8]

    /// The largest file, compressed or not, in bytes.
    static let fileLimit = 1 << 32

    /// - Parameter dimensions: how many the file must have
    /// - Throws: `ImageError.notIDX`, `.wrongIDXSize`, `.wrongIDXDimensions`, `.damagedGzip` and those of opening a file.
    init(path: String, dimensions: Int) throws {
        let file = try OpenFile(path: path)
        guard file.size <= Self.fileLimit else {
            throw ImageError.fileTooLarge(path: path, bytes: file.size, limit: Self.fileLimit)
        }
        try self.init(file.readRest(), path: path, dimensions: dimensions)
    }

    /// Reads a file's bytes; `path` only names it in errors.
    init(_ stored: [UInt8], path: String, dimensions wanted: Int) throws {
        let headerSize = 4 + 4 * wanted
        let compressed = stored.starts(with: Gzip.signature)
        let header =
            compressed ? try Self.inflate(stored, limit: headerSize, path: path) : Array(stored.prefix(headerSize))
        guard header.starts(with: [0, 0, 8, UInt8(wanted)]) else {
            throw ImageError.notIDX(path: path, expectedDimensions: wanted, leading: Array(header.prefix(8)))
        }
        guard header.count == headerSize else {
            throw ImageError.wrongIDXSize(path: path, expected: headerSize, found: header.count)
        }
        dimensions = (0..<wanted).map { dimension in
            header[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
        }
        var expected = 1
        for dimension in dimensions {
            let (product, overflow) = expected.multipliedReportingOverflow(by: dimension)
            guard dimension > 0, !overflow, product <= Int.max >> 8 else {
                throw ImageError.wrongIDXDimensions(path: path, dimensions: dimensions)
            }
            expected = product
        }
        expected += headerSize
        let content = compressed ? try Self.inflate(stored, limit: expected + 1, path: path) : stored
        guard content.count == expected else {
            throw ImageError.wrongIDXSize(path: path, expected: expected, found: content.count)
        }
        bytes = Array(content[headerSize...])
    }

    private static func inflate(_ stored: [UInt8], limit: Int, path: String) throws -> [UInt8] {
        do {
            return try Gzip.inflate(stored, limit: limit)
        } catch let damage as Gzip.Damage {
            throw ImageError.damagedGzip(path: path, truncated: damage == .truncated)
        }
    }
}

/// The grey images of an IDX file: (N, H, W).
package final class IDXImages: Sendable {
    let path: String
    let count: Int
    let size: PixelSize
    private let bytes: [UInt8]

    init(path: String) throws {
        let file = try IDXFile(path: path, dimensions: 3)
        self.path = path
        count = file.dimensions[0]
        size = PixelSize(height: file.dimensions[1], width: file.dimensions[2])
        bytes = file.bytes
        try ImageDecoder.check(width: size.width, height: size.height, path: path)
    }

    func picture(_ index: Int) -> PixelBuffer {
        let picture = PixelBuffer(width: size.width, height: size.height, channels: .grey)
        withBytes(of: index) { source in
            if let base = source.baseAddress { picture.pointer.update(from: base, count: source.count) }
        }
        return picture
    }

    func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let length = size.height * size.width
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[(index * length)..<((index + 1) * length)]))
        }
    }
}
