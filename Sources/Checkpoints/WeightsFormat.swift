import Foundation

/// The formats of weights that amp reads.
package enum WeightsFormat: Sendable, Hashable, CaseIterable {
    case safetensors
    /// Several safetensors files and an index.
    case shardedSafetensors
    /// A zip archive of torch.save.
    case torch
    /// Several of them and an index.
    case shardedTorch

    /// What the bytes of a file are; whatever is unknown is read as safetensors, whose reader says what is wrong.
    static func detect(_ file: MappedFile) throws(CheckpointError) -> (format: WeightsFormat, isIndex: Bool) {
        let bytes = file.bytes
        if file.path.hasSuffix(".json") { return (.shardedSafetensors, true) }
        // A safetensors file begins with a length, whose bytes can be those of any mark; but then its header follows.
        if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return (.safetensors, false) }
        if ZipDirectory.isZip(bytes) { return (.torch, false) }
        if let foreign = ForeignFormat(start: UnsafeRawBufferPointer(rebasing: bytes.prefix(512))) {
            throw .unsupportedFormat(path: file.path, format: foreign)
        }
        return (.safetensors, false)
    }
}
