import Checkpoints
import Foundation

/// The bytes of a safetensors file as somebody might have written them, right or wrong.
struct RawFile: Sendable {
    var header: [UInt8]
    var data: [UInt8]
    /// The header length that the file announces, where it is not the header's.
    var announced: UInt64?

    init(_ header: String, data: Int = 0, announced: UInt64? = nil) {
        self.init(header: Array(header.utf8), data: data, announced: announced)
    }

    init(header: [UInt8], data: Int = 0, announced: UInt64? = nil) {
        self.header = header
        self.data = (0..<data).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        self.announced = announced
    }

    var bytes: [UInt8] {
        let length = announced ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
    }

    /// One tensor `w` with this header entry.
    static func entry(_ entry: String, data: Int = 16) -> RawFile { RawFile(#"{"w":\#(entry)}"#, data: data) }
}

/// A new file each time: some file systems wait for the disk where one is written over.
func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    unlink(path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

extension CheckpointError {
    /// The case without its facts.
    enum Kind: Sendable {
        case notFound, unreadable, noWeights, unsupportedFormat, truncated, malformedHeader, malformedTensor
        case overlappingTensors, malformedJSON, missingTensor, unsupportedType, unwritable, diskFull
        case malformedIndex, missingShard, shardOutsideFolder, tensorNotInShard
        case malformedArchive, malformedPickle, noTensors, severalStateDicts, unsupportedTensor
    }

    var kind: Kind {
        switch self {
        case .notFound: .notFound
        case .unreadable: .unreadable
        case .noWeights: .noWeights
        case .unsupportedFormat: .unsupportedFormat
        case .truncated: .truncated
        case .malformedHeader: .malformedHeader
        case .malformedTensor: .malformedTensor
        case .overlappingTensors: .overlappingTensors
        case .malformedJSON: .malformedJSON
        case .missingTensor: .missingTensor
        case .unsupportedType: .unsupportedType
        case .malformedIndex: .malformedIndex
        case .missingShard: .missingShard
        case .shardOutsideFolder: .shardOutsideFolder
        case .tensorNotInShard: .tensorNotInShard
        case .malformedArchive: .malformedArchive
        case .malformedPickle: .malformedPickle
        case .noTensors: .noTensors
        case .severalStateDicts: .severalStateDicts
        case .unsupportedTensor: .unsupportedTensor
        case .unwritable: .unwritable
        case .diskFull: .diskFull
        }
    }
}
