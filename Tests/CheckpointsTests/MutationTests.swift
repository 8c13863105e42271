import Checkpoints
import Foundation
import Samples
import Testing

@Suite("Damaged files, by chance but seeded, are read within their bounds or refused")
struct MutationTests {
    @Test("safetensors", arguments: Fuzz.shares)
    func safetensors(_ seed: Int) throws {
        let file = RawFile(
            """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},\
            "c":{"dtype":"I64","shape":[1],"data_offsets":[32,40]},\
            "d":{"dtype":"F64","shape":[0,5],"data_offsets":[40,40]}}
            """, data: 40
        ).bytes
        let read = try withTemporaryFolder { folder in
            try Fuzz.readings(seed, in: folder, of: "w.safetensors") { numbers, path in
                let bytes = Fuzz.damaged(file, &numbers, signs: Fuzz.jsonSigns)
                try write(bytes, to: path)
                guard let reader = try? SafetensorsFile(path: path) else { return }
                var end = 0
                for name in reader.names {
                    guard let range = reader.range(of: name) else { continue }
                    if range.lowerBound < end || range.upperBound > bytes.count { Issue.record("\(name) at \(range)") }
                    end = range.upperBound
                }
            }
        }
        #expect(read > Fuzz.share / 100, "some damage lies in the data and does no harm to the format")
    }

    /// A training checkpoint with views, types, objects and nesting.
    private static let checkpoint = PickleItem.dictionary([
        (
            "model",
            .dictionary([
                ("module.a", .tensor(.storage("FloatStorage", key: "0", count: 24), shape: [4, 6])),
                ("module.t", .tensor(.storage("FloatStorage", key: "0", count: 24), shape: [6, 4], strides: [1, 6])),
                (
                    "module.e",
                    .tensor(
                        .storage("HalfStorage", key: "1", count: 12), offset: 2, shape: [5, 1, 4], strides: [0, 0, 2])
                ),
                ("module.l", .tensor(.storage("LongStorage", key: "2", count: 3), shape: [3])),
                (
                    "module.p",
                    .call(
                        "torch._utils", "_rebuild_parameter",
                        [
                            .tensor(.storage("BFloat16Storage", key: "1", count: 12), offset: 12, shape: [0]),
                            .bool(true), .none,
                        ])
                ),
            ])
        ),
        ("epoch", .int(70_000)), ("lr", .float(0.1)),
        ("args", .object("argparse", "Namespace", state: .dictionary([("lr", .float(0.1))]))),
        ("history", .list([.none, .int(-1), .tuple([.string("a")]), .int(1 << 40)])),
    ])
    private static let storages = [
        ("0", (0..<96).map { UInt8($0) }), ("1", [UInt8](repeating: 7, count: 24)), ("2", Array(1...24)),
    ]
    private static let instructions =
        Array("(.012NKMJGTUBCX)t]ae}suhjqrcRbQ".utf8) + [
            0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95,
        ]

    @Test("PyTorch archives", arguments: Fuzz.shares, [false, true])
    func archives(_ seed: Int, isWide: Bool) throws {
        var zip = ZipWriter.torch(Self.checkpoint, storages: Self.storages)
        zip.isWide = isWide
        let file = zip.bytes
        // Half of the damage in the table of contents, which is a small part of the file.
        let table = file.count - 400
        let read = try withTemporaryFolder { folder in
            try Fuzz.readings(seed, in: folder, of: "w.pth") { numbers, path in
                var bytes = file
                if numbers.index(below: 2) == 0 {
                    let end = Fuzz.damaged(Array(bytes[table...]), &numbers, signs: [0, 1, 0xFF, 0x50])
                    bytes.replaceSubrange(table..., with: end)
                } else {
                    bytes = Fuzz.damaged(bytes, &numbers, signs: [0, 1, 0xFF, 0x50])
                }
                try write(bytes, to: path)
            }
        }
        #expect(read > 0, "some damage lies in the values")
    }

    @Test("pickles", arguments: Fuzz.shares, [2, 4])
    func pickles(_ seed: Int, version: Int) throws {
        let pickle = PickleWriter.pickle(Self.checkpoint, version: UInt8(version))
        let read = try withTemporaryFolder { folder in
            try Fuzz.readings(seed, in: folder, of: "w.pth") { numbers, path in
                let damaged = Fuzz.damaged(pickle, &numbers, signs: Self.instructions)
                try write(ZipWriter.torch(pickle: damaged, storages: Self.storages).bytes, to: path)
            }
        }
        #expect(read > 0, "some damage lies in the words")
    }

    @Test("pickles that are well formed but mean something else", arguments: Fuzz.shares)
    func meanings(_ seed: Int) throws {
        let read = try withTemporaryFolder { folder in
            try Fuzz.readings(seed, in: folder, of: "w.pth") { numbers, path in
                let item = Self.changed(Self.checkpoint, &numbers, likelihood: 40)
                let version = UInt8(2 + numbers.index(below: 4))
                try write(ZipWriter.torch(item, storages: Self.storages, version: version).bytes, to: path)
            }
        }
        #expect(read > 0)
    }

    /// The same value with some of its parts replaced, left out or doubled.
    private static func changed(_ item: PickleItem, _ numbers: inout Numbers, likelihood: Int) -> PickleItem {
        func again(_ item: PickleItem) -> PickleItem { changed(item, &numbers, likelihood: likelihood) }
        func all(_ items: [PickleItem]) -> [PickleItem] {
            var result = items.map(again)
            if !result.isEmpty, numbers.index(below: likelihood) == 0 { result.removeLast() }
            if let last = result.last, numbers.index(below: likelihood) == 0 { result.append(last) }
            return result
        }
        if numbers.index(below: likelihood) == 0 {
            let extremes = [0, -1, 1, 6, 1 << 20, 1 << 24, 1 << 31, 1 << 62, Int.max, Int.min]
            switch numbers.index(below: 8) {
            case 0, 1, 2: return .int(extremes[numbers.index(below: extremes.count)])
            case 3: return .none
            case 4: return .tuple([item])
            case 5: return .dictionary([("module", item), ("model", item)])
            // The tensor, or whatever it is, that was kept under 0.
            case 6: return .raw([0x68, 0])
            default: return .call("posix", "system", [item])
            }
        }
        switch item {
        case .tuple(let items): return .tuple(all(items))
        case .list(let items): return .list(all(items))
        case .call(let module, let name, let arguments): return .call(module, name, all(arguments))
        case .dictionary(let entries): return .dictionary(entries.map { ($0.0, again($0.1)) })
        case .object(let module, let name, let state): return .object(module, name, state: again(state))
        case .storage(let type, let key, let count):
            let types = [type, type, type, "UntypedStorage", "DoubleStorage", "QInt8Storage", "Storage"]
            return .storage(
                types[numbers.index(below: types.count)], key: numbers.index(below: 20) == 0 ? "9" : key,
                count: count + (numbers.index(below: 10) == 0 ? numbers.index(below: 50) - 25 : 0))
        default: return item
        }
    }

    @Test("indexes of several files", arguments: Fuzz.shares)
    func indexes(_ seed: Int) throws {
        let index = #"{"metadata":{"total_size":32},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}"#
        let shard = { (name: String) in
            RawFile(#"{"\#(name)":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, data: 16).bytes
        }
        let signs = Array("abm-12./\\\":,{}[]".utf8)
        let read = try withTemporaryFolder { folder in
            try write(shard("a"), to: folder + "/m-1.safetensors")
            try write(shard("b"), to: folder + "/m-2.safetensors")
            return try Fuzz.readings(seed, in: folder, of: "m.safetensors.index.json") { numbers, path in
                try write(Fuzz.damaged(Array(index.utf8), &numbers, signs: signs), to: path)
            }
        }
        #expect(read > Fuzz.share / 100)
    }

    @Test("configuration files", arguments: Fuzz.shares)
    func configurations(_ seed: Int) throws {
        let weights = RawFile(#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, data: 16).bytes
        let names = ["config.json", "preprocessor_config.json", "amp.json"]
        let text = #"{"a":{"b":[1,2.5e-3,-4,true,null,"ü\u00e9\n"]},"size":{"height":224},"depth":12,"x":""}"#
        let read = try withTemporaryFolder { folder in
            try write(weights, to: folder + "/model.safetensors")
            var name = names[0]
            return try Fuzz.readings(seed, in: folder, of: "model.safetensors") { numbers, _ in
                unlink(folder + "/" + name)
                name = names[numbers.index(below: names.count)]
                let bytes = Fuzz.damaged(Array(text.utf8), &numbers, signs: Fuzz.jsonSigns)
                try write(bytes, to: folder + "/" + name)
            }
        }
        #expect(read > Fuzz.share / 100)
    }
}
