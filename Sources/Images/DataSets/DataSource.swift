import Compression

/// Where images come from.
package enum DataSource: Hashable, Codable, Sendable {
    /// A folder of class folders, of images, or of `train` and `val` folders of either.
    case classFolders(path: String)
    /// A folder of IDX files, or one IDX file of images.
    case idx(path: String)
    /// Prepared images (N, C, H, W) in a safetensors file; without a name its only tensor of four dimensions.
    case safetensors(path: String, tensor: String?)

    package var path: String {
        switch self {
        case .classFolders(let path), .idx(let path), .safetensors(let path, _): path
        }
    }

    /// What lies at the path: a file is told by its first bytes, a folder by whether it holds IDX files.
    /// - Parameter tensor: a tensor's name makes it a safetensors file whatever its bytes.
    /// - Throws: `ImageError.missing`, `.unreadable`, `.notAFile`, `.notADataSet`.
    package static func detect(path: String, tensor: String? = nil) throws -> DataSource {
        if let tensor { return .safetensors(path: path, tensor: tensor) }
        if try FolderEntry.isFolder(path) {
            let files = try FolderEntry.list(path)
            return files.contains { !$0.isFolder && IDXName($0.name)?.kind == .images }
                ? .idx(path: path) : .classFolders(path: path)
        }
        let leading = try OpenFile(path: path).read(upTo: 9)
        // IDX begins with two zeros, a compressed one with gzip's signature; a safetensors file has its header's length in
        // eight bytes before the header, a JSON object.
        if leading.starts(with: [0, 0]) || leading.starts(with: Gzip.signature) { return .idx(path: path) }
        guard path.hasSuffix(".safetensors") || leading.last == UInt8(ascii: "{") && leading.count == 9 else {
            throw ImageError.notADataSet(path: path, leading: Array(leading.prefix(8)))
        }
        return .safetensors(path: path, tensor: nil)
    }
}

/// Which images are taken, and in which order.
package struct DataSelection: Hashable, Codable, Sendable {
    /// At most so many images of each listing (of each side when the source is split already).
    package var limit: Int?
    /// The seed of the shuffle. Without one it is 0; prepared images then keep the order of their file.
    package var seed: UInt64?
    /// The share for calibration in percent, 1...99, when the source is not split already. Without one it is 50;
    /// prepared images then stay one part.
    package var calibrationPercent: Int?

    package init(limit: Int? = nil, seed: UInt64? = nil, calibrationPercent: Int? = nil) {
        self.limit = limit
        self.seed = seed
        self.calibrationPercent = calibrationPercent
    }

    package static let defaultSeed: UInt64 = 0
    package static let defaultCalibrationPercent = 50

    func check() throws {
        if let limit, limit < 1 { throw ImageError.limitOutOfRange(limit: limit) }
        if let calibrationPercent, !(1...99 ~= calibrationPercent) {
            throw ImageError.splitOutOfRange(percent: calibrationPercent)
        }
    }
}
