import Checkpoints
import Foundation
import Samples
import Testing

/// How much the readers are fed with damaged files.
///
/// The suite runs a few thousand cases in a second or two. `AMP_FUZZ_CASES=100000 scripts/test --filter Mutation` runs
/// that many of each reader; the cases are the same in every run, a longer run goes on where a shorter one ends.
enum Fuzz {
    static let cases = ProcessInfo.processInfo.environment["AMP_FUZZ_CASES"].flatMap(Int.init) ?? 3_000
    /// Each reader's cases are split among so many tests, which run at the same time.
    static let shares = 0..<4
    static var share: Int { max(1, cases / shares.count) }

    /// Bytes with one to four things changed: bits, bytes, pieces, ends.
    static func damaged(_ original: [UInt8], _ numbers: inout Numbers, signs: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...numbers.index(below: 4) {
            if bytes.isEmpty { return bytes }
            let place = numbers.index(below: bytes.count)
            switch numbers.index(below: 8) {
            case 0: bytes[place] ^= 1 << numbers.index(below: 8)
            case 1: bytes[place] = UInt8(numbers.index(below: 256))
            case 2: bytes.removeLast(min(bytes.count - 1, numbers.index(below: 60)))
            case 3: bytes.insert(UInt8(numbers.index(below: 256)), at: place)
            case 4:
                // A piece of the file in another place of it.
                let start = numbers.index(below: bytes.count)
                let piece = bytes[start..<min(bytes.count, start + 1 + numbers.index(below: 20))]
                bytes.replaceSubrange(place..<min(bytes.count, place + numbers.index(below: 20)), with: Array(piece))
            case 5:
                // The numbers that sums and products overflow by.
                let number = [0, 0x7FFF_FFFF, 0xFFFF_FFFF, Int.max, -1, 1 << 32][numbers.index(below: 6)]
                for byte in 0..<([2, 4, 8][numbers.index(below: 3)]) where place + byte < bytes.count {
                    bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
                }
            default: bytes[place] = signs[numbers.index(below: signs.count)]
            }
        }
        return bytes
    }

    /// Digits and signs where numbers stand in JSON.
    static let jsonSigns = Array("0123456789-.eE,[]{}\":".utf8)

    /// Opens what `write` puts into a folder and reads all of it; returns how many could be read.
    ///
    /// A crash or a hang ends the tests; any other error than the readers' own is one, too.
    static func readings(
        _ seed: Int, in folder: String, of name: String, write: (inout Numbers, String) throws -> Void
    ) throws -> Int {
        var numbers = Numbers(seed: seed)
        var read = 0
        for number in 0..<share {
            try write(&numbers, folder + "/" + name)
            do {
                let weights = try Checkpoint(path: folder + "/" + name).weights
                try readAll(weights)
                read += 1
            } catch is CheckpointError {
            } catch { Issue.record("case \(number) of seed \(seed): \(error)") }
        }
        return read
    }

    /// Every way to read a tensor gives all its values, or says that the type is not one of that kind.
    static func readAll(_ file: some TensorReading) throws {
        if Set(file.names) != Set(file.tensors.keys) { Issue.record("names and tensors differ") }
        for name in file.names {
            guard let info = file.tensors[name] else { continue }
            let bytes = try file.bytes(name)
            if bytes.count != info.count * info.type.size { Issue.record("\(name) has \(bytes.count) bytes") }
            // What repeats a few values millions of times is only asked for its size.
            guard info.count <= 1 << 16 else { continue }
            try unlessOfAnotherKind {
                let view = try file.view(name)
                if view.values.count != info.count { Issue.record("\(name) has \(view.values.count) values") }
                if !info.shape.isEmpty, !view.rows(0..<0).values.isEmpty { Issue.record("\(name) has no empty part") }
            }
            try unlessOfAnotherKind {
                let integers = try file.integers(name)
                if integers.count != info.count { Issue.record("\(name) has \(integers.count) numbers") }
            }
        }
    }

    private static func unlessOfAnotherKind(_ body: () throws -> Void) throws {
        do { try body() } catch CheckpointError.unsupportedType {}
    }
}
