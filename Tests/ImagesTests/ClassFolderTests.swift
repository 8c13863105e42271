import Foundation
import Images
import Tensor
import Testing

@Suite("Class folders")
struct ClassFolderTests {
    /// `count` pictures a class, in folders under `prefix`.
    static func fill(_ folder: TemporaryFolder, _ prefix: String, classes: [String], count: Int) throws {
        let bytes = try Fixtures.bytes("grey-8.png")
        for name in classes {
            for number in 0..<count { try folder.write("\(prefix)\(name)/\(number).png", bytes) }
        }
    }

    @Test("a root of class folders is split in two, the classes numbered by name")
    func classFolders() throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder, "", classes: ["dog", "Cat", "bird"], count: 4)
        try folder.write("dog/notes.txt", [1])
        try folder.write("dog/.hidden.png", [1])
        try folder.write("empty/readme.md", [1])
        let set = try DataSet.open(.classFolders(path: folder.path))
        #expect(set.classNames == ["Cat", "bird", "dog"])
        #expect(set.parts.map(\.role) == [.calibration, .validation])
        #expect(set.parts.map(\.count) == [6, 6])
        #expect(!set.isSplitBySource)
        #expect(set.ignored == 2)
        for part in set.parts {
            for (name, label) in zip(part.names, try #require(part.labels)) {
                #expect(name.hasPrefix(["Cat", "bird", "dog"][label] + "/"))
            }
        }
    }

    @Test("train and val folders are the two parts", arguments: ["val", "valid", "validation", "test"])
    func splitBySource(_ validation: String) throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder, "train/", classes: ["a", "c"], count: 3)
        try Self.fill(folder, validation + "/", classes: ["b", "c"], count: 2)
        let set = try DataSet.open(
            .classFolders(path: folder.path), selection: DataSelection(calibrationPercent: 10))
        #expect(set.isSplitBySource)
        #expect(set.classNames == ["a", "b", "c"])
        let calibration = try #require(set.part(.calibration))
        let held = try #require(set.part(.validation))
        #expect(calibration.count == 6)
        #expect(calibration.names.allSatisfy { $0.hasPrefix("train/") })
        #expect(held.names.allSatisfy { $0.hasPrefix(validation + "/") })
        #expect(Set(try #require(held.labels)) == [1, 2])
    }

    @Test("a folder of pictures has no labels")
    func flat() throws {
        let folder = try TemporaryFolder()
        let bytes = try Fixtures.bytes("rgb-420.jpg")
        for name in ["b.JPG", "a.jpeg", "c.PNG", "d.gif"] { try folder.write(name, bytes) }
        let set = try DataSet.open(.classFolders(path: folder.path))
        #expect(set.classNames == nil)
        #expect(set.parts.allSatisfy { $0.labels == nil })
        #expect(Set(set.parts.flatMap(\.names)) == ["a.jpeg", "b.JPG", "c.PNG"])
        #expect(set.ignored == 1)
    }

    @Test("an empty folder has no images")
    func empty() throws {
        let folder = try TemporaryFolder()
        #expect(
            imageError { _ = try DataSet.open(.classFolders(path: folder.path)) }
                == .noImages(path: folder.path, ignored: 0))
        try folder.write("train/a/x.txt", [1])
        try Self.fill(folder, "val/", classes: ["a"], count: 1)
        #expect(
            imageError { _ = try DataSet.open(.classFolders(path: folder.path)) }
                == .noImages(path: folder.path + "/train", ignored: 1))
    }

    @Test("a folder that is not there is missing")
    func missing() {
        #expect(
            imageError { _ = try DataSet.open(.classFolders(path: "/nowhere/at/all")) }
                == .missing(path: "/nowhere/at/all"))
    }

    @Test("a folder that may not be read says so", .enabled(if: getuid() != 0, "the superuser may read every folder"))
    func unreadable() throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder, "", classes: ["a", "b"], count: 1)
        let closed = folder.path + "/b"
        chmod(closed, 0)
        defer { chmod(closed, 0o700) }
        #expect(
            imageError { _ = try DataSet.open(.classFolders(path: folder.path)) }
                == .unreadable(path: closed, code: EACCES))
    }

    @Test("a file of another kind is no data set")
    func otherFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("photo.jpg", Fixtures.bytes("grey.jpg"))
        guard case .notADataSet(path, _)? = imageError({ _ = try DataSource.detect(path: path) }) else {
            Issue.record("expected that the file is no data set")
            return
        }
    }

    @Test("a path that leads through a file says what the system says")
    func throughFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a.png", [1])
        #expect(
            imageError { _ = try DataSet.open(.classFolders(path: file)) } == .unreadable(path: file, code: ENOTDIR))
    }

    @Test("a picture that links lead to twice is taken once, and stays in calibration")
    func links() throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder, "train/", classes: ["a"], count: 3)
        try Self.fill(folder, "val/", classes: ["a"], count: 2)
        try folder.link("val/a/again.png", to: "train/a/1.png")
        try folder.link("val/b", to: "train/a")
        try folder.link("train/a/loop", to: "train")
        let set = try DataSet.open(.classFolders(path: folder.path))
        #expect(set.part(.calibration)?.count == 3)
        #expect(set.part(.validation)?.count == 2)
        #expect(set.duplicates == 4)
        #expect(set.classNames == ["a", "b"])
    }

    @Test("a link that leads nowhere is a broken image, not the end")
    func danglingLink() throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder, "", classes: ["a"], count: 3)
        try folder.link("a/gone.png", to: "a/not-here.png")
        let set = try DataSet.open(.classFolders(path: folder.path))
        let rules = Preprocessing.defaults(size: PixelSize(height: 8, width: 8), channels: .grey)
        let broken = try set.parts.flatMap { try $0.verified(preprocessing: rules).broken }
        #expect(broken == [BrokenImage(name: "a/gone.png", error: .missing(path: folder.path + "/a/gone.png"))])
    }
}

@Suite("Choosing images")
struct SelectionTests {
    @Test("the generator never changes")
    func generator() {
        var generator = SplitMix64(seed: 0)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F,
            ])
        var order = Array(0..<10)
        generator = SplitMix64(seed: 7)
        generator.shuffle(&order)
        #expect(order.sorted() == Array(0..<10))
        #expect(order == Self.naiveShuffle(10, seed: 7))
    }

    /// Fisher and Yates over a list that shrinks from its end.
    static func naiveShuffle(_ count: Int, seed: UInt64) -> [Int] {
        var generator = SplitMix64(seed: seed)
        var left = Array(0..<count)
        var result: [Int] = []
        while left.count > 1 {
            let place = generator.next(below: left.count)
            left.swapAt(place, left.count - 1)
            result.insert(left.removeLast(), at: 0)
        }
        return left + result
    }

    @Test(
        "parts never overlap and the limit holds, whatever is chosen",
        arguments: [nil, 1, 2, 7, 29, 30, 1000], [1, 30, 50, 99])
    func properties(_ limit: Int?, _ percent: Int) throws {
        let folder = try TemporaryFolder()
        try ClassFolderTests.fill(folder, "", classes: ["a", "b", "c"], count: 10)
        for seed: UInt64 in [0, 1, 99] {
            let selection = DataSelection(limit: limit, seed: seed, calibrationPercent: percent)
            let set = try DataSet.open(.classFolders(path: folder.path), selection: selection)
            let names = set.parts.flatMap(\.names)
            let taken = min(limit ?? 30, 30)
            #expect(names.count == taken)
            #expect(Set(names).count == names.count)
            let share = set.part(.calibration)?.count ?? 0
            #expect(taken < 2 || abs(Double(share) - Double(taken * percent) / 100) <= 1)
            #expect(set.parts.count == min(taken, 2))
            let again = try DataSet.open(.classFolders(path: folder.path), selection: selection)
            #expect(again.parts.map(\.names) == set.parts.map(\.names))
        }
    }

    @Test("another seed gives another order and another choice")
    func seeds() throws {
        let folder = try TemporaryFolder()
        try ClassFolderTests.fill(folder, "", classes: ["a"], count: 40)
        let orders = try (0..<5).map { seed in
            try DataSet.open(.classFolders(path: folder.path), selection: DataSelection(limit: 20, seed: UInt64(seed)))
                .parts.flatMap(\.names)
        }
        #expect(Set(orders).count == 5)
        #expect(Set(orders.map(Set.init)).count == 5)
        let unsaid = try DataSet.open(.classFolders(path: folder.path), selection: DataSelection(limit: 20))
        #expect(unsaid.parts.flatMap(\.names) == orders[0])
    }

    @Test("a limit holds for each side of a source that is split already")
    func limitOfSides() throws {
        let folder = try TemporaryFolder()
        try ClassFolderTests.fill(folder, "train/", classes: ["a"], count: 9)
        try ClassFolderTests.fill(folder, "val/", classes: ["a"], count: 4)
        let set = try DataSet.open(.classFolders(path: folder.path), selection: DataSelection(limit: 5))
        #expect(set.parts.map(\.count) == [5, 4])
    }

    @Test("limits and splits out of range are refused")
    func outOfRange() throws {
        let source = DataSource.classFolders(path: "/")
        #expect(
            imageError { _ = try DataSet.open(source, selection: DataSelection(limit: 0)) }
                == .limitOutOfRange(limit: 0))
        for percent in [0, 100, -5] {
            #expect(
                imageError { _ = try DataSet.open(source, selection: DataSelection(calibrationPercent: percent)) }
                    == .splitOutOfRange(percent: percent))
        }
    }
}
