import Checkpoints
import Foundation
import Samples
import Testing

@Suite("Safetensors files with random damage")
struct MutationTests {
    private static let file = RawFile(
        """
        {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
        "b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"I64","shape":[1],"data_offsets":[32,40]},\
        "d":{"dtype":"F64","shape":[0,5],"data_offsets":[40,40]}}
        """, data: 40
    ).bytes

    private func damaged(_ numbers: inout Numbers) -> [UInt8] {
        var bytes = Self.file
        for _ in 0...numbers.index(below: 3) {
            let place = numbers.index(below: bytes.count)
            switch numbers.index(below: 6) {
            case 0: bytes[place] ^= 1 << numbers.index(below: 8)
            case 1: bytes[place] = UInt8(numbers.index(below: 256))
            case 2: bytes.removeLast(min(bytes.count - 1, numbers.index(below: 60)))
            case 3: bytes.insert(UInt8(numbers.index(below: 256)), at: place)
            case 4:
                // A piece of the file in another place of it.
                let start = numbers.index(below: bytes.count)
                let piece = bytes[start..<min(bytes.count, start + 1 + numbers.index(below: 20))]
                bytes.replaceSubrange(place..<min(bytes.count, place + numbers.index(below: 20)), with: Array(piece))
            default:
                // Digits and signs where numbers stand.
                let signs = Array("0123456789-.eE,[]{}\":".utf8)
                bytes[place] = signs[numbers.index(below: signs.count)]
            }
            if bytes.isEmpty { return bytes }
        }
        return bytes
    }

    @Test("are read within their bounds or refused, 20,000 of them", arguments: 0..<4)
    func mutations(_ seed: Int) throws {
        var numbers = Numbers(seed: seed)
        var read = 0
        try withTemporaryFolder { folder in
            let path = folder + "/w.safetensors"
            for _ in 0..<5_000 {
                let bytes = damaged(&numbers)
                try write(bytes, to: path)
                let file: SafetensorsFile
                do { file = try SafetensorsFile(path: path) } catch is CheckpointError { continue }
                read += 1
                try readAll(file, size: bytes.count)
            }
        }
        #expect(read > 100, "most damage lies in the data and does no harm to the format")
    }

    private func readAll(_ file: SafetensorsFile, size: Int) throws {
        #expect(Set(file.names) == Set(file.tensors.keys))
        var end = 0
        for name in file.names {
            let info = try #require(file.tensors[name])
            let range = try #require(file.range(of: name))
            #expect(range.lowerBound >= end && range.upperBound <= size)
            #expect(range.count == info.count * info.type.size)
            end = range.upperBound
            #expect(try file.bytes(name).count == range.count)
            // Every way to read a tensor gives all its values, or says that the type is not one of that kind.
            try unlessOfAnotherKind {
                let view = try file.view(name)
                #expect(view.values.count == info.count)
                #expect(view.rows(0..<0).values.isEmpty || info.shape.isEmpty)
            }
            try unlessOfAnotherKind {
                let integers = try file.integers(name)
                #expect(integers.count == info.count)
            }
        }
    }

    private func unlessOfAnotherKind(_ body: () throws -> Void) throws {
        do { try body() } catch CheckpointError.unsupportedType {}
    }
}
