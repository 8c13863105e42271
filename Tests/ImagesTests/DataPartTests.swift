import Foundation
import Images
import Tensor
import Testing

@Suite("Reading parts")
struct DataPartTests {
    static let rules = Preprocessing.defaults(size: PixelSize(height: 16, width: 16), channels: .rgb)

    /// 40 pictures of different content, of which `broken` are text.
    static func folder(broken: Set<Int> = []) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let names = Fixtures.record.decoded.map(\.file)
        for number in 0..<40 {
            let bytes = broken.contains(number) ? Array("text".utf8) : try Fixtures.bytes(names[number % names.count])
            try folder.write(String(format: "%02d.jpg", number), bytes)
        }
        return folder
    }

    static func part(_ folder: TemporaryFolder) throws -> DataPart {
        try #require(
            try DataSet.open(.classFolders(path: folder.path), selection: DataSelection(calibrationPercent: 99))
                .part(.calibration))
    }

    @Test("a batch holds what its images hold one by one")
    func batches() throws {
        let folder = try Self.folder()
        let part = try Self.part(folder)
        let whole = try part.read(0..<part.count, preprocessing: Self.rules)
        for index in 0..<part.count {
            let picture = try ImageDecoder.decode(path: folder.path + "/" + part.names[index], channels: .rgb)
            let prepared = try Self.rules.prepare(picture, path: part.names[index])
            let single = FloatBuffer(Self.rules.shape)
            Self.rules.normalise(prepared, into: single.pointer)
            #expect(single.values == (0..<Self.rules.count).map { whole.row(index)[$0] })
        }
        #expect(try part.load(preprocessing: Self.rules).values.values == whole.values)
    }

    @Test("broken images are taken out, named with their reason, and the rest stays in order")
    func broken() throws {
        let folder = try Self.folder(broken: [3, 17, 31])
        let part = try Self.part(folder)
        var steps: [Int] = []
        let verified = try part.verified(
            preprocessing: Self.rules,
            progress: { done, total in
                steps.append(done)
                #expect(total == part.count)
            })
        #expect(steps == steps.sorted() && steps.last == part.count)
        let names = Set(["03.jpg", "17.jpg", "31.jpg"]).intersection(part.names)
        let expected = part.names.filter { names.contains($0) }.map { name in
            BrokenImage(
                name: name, error: .notAnImage(path: folder.path + "/" + name, leading: Array("text".utf8)))
        }
        #expect(verified.broken == expected)
        #expect(verified.names == part.names.filter { !names.contains($0) })
        let batch = try verified.read(0..<verified.count, preprocessing: Self.rules)
        let loaded = try part.load(preprocessing: Self.rules)
        #expect(loaded.part.names == verified.names)
        #expect(loaded.part.broken == verified.broken)
        #expect(loaded.values.values == batch.values)
    }

    @Test("reading a broken image without looking before is an error of the first one")
    func firstBroken() throws {
        let folder = try Self.folder(broken: [3, 17, 31])
        let part = try Self.part(folder)
        let first = try #require(part.names.first { ["03.jpg", "17.jpg", "31.jpg"].contains($0) })
        #expect(
            imageError { _ = try part.read(0..<part.count, preprocessing: Self.rules) }
                == .notAnImage(path: folder.path + "/" + first, leading: Array("text".utf8)))
    }

    @Test("when all are broken it is an error")
    func allBroken() throws {
        let folder = try Self.folder(broken: Set(0..<40))
        let part = try Self.part(folder)
        let first = ImageError.notAnImage(path: folder.path + "/" + part.names[0], leading: Array("text".utf8))
        let expected = ImageError.allBroken(count: part.count, first: first)
        #expect(imageError { _ = try part.verified(preprocessing: Self.rules) } == expected)
        #expect(imageError { _ = try part.load(preprocessing: Self.rules) } == expected)
    }

    @Test("long work ends when it is cancelled")
    func cancelled() throws {
        struct Cancelled: Error {}
        let folder = try Self.folder()
        let part = try Self.part(folder)
        var looks = 0
        func check() throws {
            looks += 1
            if looks == 2 { throw Cancelled() }
        }
        #expect(throws: Cancelled.self) { _ = try part.load(preprocessing: Self.rules, checkCancelled: check) }
        #expect(looks == 2)
    }

    @Test("a range beyond the part is refused")
    func range() throws {
        let part = try Self.part(Self.folder())
        #expect(
            imageError { _ = try part.read(0..<(part.count + 1), preprocessing: Self.rules) }
                == .rangeOutOfPart(lower: 0, upper: part.count + 1, count: part.count))
    }
}

@Suite("Fingerprints")
struct FingerprintTests {
    static func fingerprint(_ folder: TemporaryFolder, seed: UInt64 = 0) throws -> String {
        try DataSet.open(.classFolders(path: folder.path), selection: DataSelection(seed: seed)).fingerprint()
    }

    @Test("the same content in another place has the same fingerprint and another stamp")
    func sameContent() throws {
        let (one, other) = (try DataPartTests.folder(), try DataPartTests.folder())
        #expect(try Self.fingerprint(one) == Self.fingerprint(other))
        let stamps = try [one, other].map { try DataSet.open(.classFolders(path: $0.path)).stamp }
        #expect(stamps[0] != stamps[1])
        #expect(try DataSet.open(.classFolders(path: one.path)).stamp == stamps[0])
    }

    @Test("content, order, labels and unreadable files each change it")
    func changes() throws {
        let folder = try DataPartTests.folder()
        var seen = [try Self.fingerprint(folder), try Self.fingerprint(folder, seed: 1)]
        let stamp = try DataSet.open(.classFolders(path: folder.path)).stamp
        try folder.write("05.jpg", Fixtures.bytes("cmyk.jpg") + [0])
        seen.append(try Self.fingerprint(folder))
        #expect(try DataSet.open(.classFolders(path: folder.path)).stamp != stamp)
        let classes = try TemporaryFolder()
        for name in ["a", "b"] { try classes.write("\(name)/1.png", Fixtures.bytes("grey-1.png")) }
        seen.append(try Self.fingerprint(classes))
        let flat = try TemporaryFolder()
        for name in ["1", "2"] { try flat.write("\(name).png", Fixtures.bytes("grey-1.png")) }
        seen.append(try Self.fingerprint(flat))
        #expect(Set(seen).count == seen.count)
    }
}
