import Crypto
import Foundation
import Tensor

/// SHA-256 of a whole file, as 64 hexadecimal digits.
///
/// Read in blocks rather than through a mapping, so that a file of many gigabytes takes no memory.
package func sha256(ofFile path: String, monitor: Monitor = .none) throws -> String {
    try sha256(ofFile: path, before: 0, total: nil, monitor)
}

/// What stands for the content of several files: that of one file is its own SHA-256; of more it is the SHA-256 of what
/// `sha256sum` writes about them in the order of their names.
package func sha256(ofFiles paths: [String], monitor: Monitor = .none) throws -> String {
    if let only = paths.first, paths.count == 1 { return try sha256(ofFile: only, monitor: monitor) }
    let sizes = try paths.map { path in
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw CheckpointError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        return Int(facts.st_size)
    }
    var lines: [(name: String, hash: String)] = []
    var before = 0
    for (path, size) in zip(paths, sizes) {
        let hash = try sha256(ofFile: path, before: before, total: sizes.reduce(0, +), monitor)
        lines.append(((path as NSString).lastPathComponent, hash))
        before += size
    }
    let text = lines.sorted { ($0.name, $0.hash) < ($1.name, $1.hash) }.map { "\($0.hash)  \($0.name)\n" }.joined()
    return sha256(of: Data(text.utf8))
}

/// SHA-256 of some bytes, as 64 hexadecimal digits.
package func sha256(of data: Data) -> String { SHA256.hash(data: data).hexadecimal }

/// SHA-256 of bytes that lie in pieces, as if they lay in one.
package func sha256(ofPieces pieces: [UnsafeRawBufferPointer]) -> String {
    var hash = SHA256()
    for piece in pieces { hash.update(bufferPointer: piece) }
    return hash.finalize().hexadecimal
}

private func sha256(ofFile path: String, before: Int, total: Int?, _ monitor: Monitor) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        if errno == ENOENT { throw CheckpointError.notFound(path: path) }
        throw CheckpointError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
        throw CheckpointError.unreadable(path: path, reason: "not a regular file")
    }
    let megabyte = 1 << 20
    let all = total ?? Int(facts.st_size)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * megabyte, alignment: 4096)
    defer { block.deallocate() }
    var hash = SHA256()
    var done = before
    while true {
        try monitor.check()
        let count = read(descriptor, block.baseAddress, block.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw CheckpointError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        if count == 0 { break }
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: block[..<count]))
        done += count
        if all > 64 * megabyte { monitor.progress(done / megabyte, of: all / megabyte) }
    }
    return hash.finalize().hexadecimal
}

extension SHA256Digest {
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
