import Checkpoints
import Foundation
import Samples
import Tensor
import Testing

@Suite("PyTorch archives")
struct TorchArchiveTests {
    private static let floats = (0..<24).map(Float.init)
    private static let storages = [("0", floats.withUnsafeBytes { Array($0) })]
    private static let storage = PickleItem.storage("FloatStorage", key: "0", count: 24)
    private static let matrix = PickleItem.tensor(storage, shape: [4, 6])

    private func open(_ zip: ZipWriter) throws -> Weights {
        try withTemporaryFolder { folder in
            try write(zip.bytes, to: folder + "/w.pth")
            return try Weights(path: folder + "/w.pth")
        }
    }

    private func open(_ item: PickleItem, version: UInt8 = 2) throws -> Weights {
        try open(.torch(item, storages: Self.storages, version: version))
    }

    private func error(_ body: () throws -> Weights) throws -> CheckpointError? {
        do { _ = try body() } catch let error as CheckpointError { return error }
        return nil
    }

    struct View: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let tensor: PickleItem
        let shape: [Int]
        let values: [Float]
    }

    static let views = [
        View(testDescription: "whole", tensor: matrix, shape: [4, 6], values: floats),
        View(
            testDescription: "transposed", tensor: .tensor(storage, shape: [6, 4], strides: [1, 6]), shape: [6, 4],
            values: (0..<6).flatMap { column in (0..<4).map { Float(6 * $0 + column) } }),
        View(
            testDescription: "one column", tensor: .tensor(storage, offset: 2, shape: [4], strides: [6]), shape: [4],
            values: [2, 8, 14, 20]),
        View(
            testDescription: "every second of both",
            tensor: .tensor(storage, offset: 1, shape: [2, 3], strides: [12, 2]),
            shape: [2, 3], values: [1, 3, 5, 13, 15, 17]),
        View(
            testDescription: "some rows, in place", tensor: .tensor(storage, offset: 6, shape: [2, 6]), shape: [2, 6],
            values: Array(floats[6..<18])),
        View(
            testDescription: "expanded", tensor: .tensor(storage, offset: 3, shape: [2, 3, 2], strides: [0, 1, 0]),
            shape: [2, 3, 2], values: [3, 3, 4, 4, 5, 5, 3, 3, 4, 4, 5, 5]),
        View(
            testDescription: "overlapping", tensor: .tensor(storage, shape: [4, 3], strides: [1, 1]), shape: [4, 3],
            values: [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5]),
        View(testDescription: "a scalar", tensor: .tensor(storage, offset: 23, shape: []), shape: [], values: [23]),
        View(
            testDescription: "empty", tensor: .tensor(storage, offset: 24, shape: [0, 3]), shape: [0, 3], values: []),
        View(
            testDescription: "odd strides along axes of one entry",
            tensor: .tensor(storage, shape: [1, 4, 1, 6], strides: [99, 6, 77, 1]), shape: [1, 4, 1, 6], values: floats),
        View(
            testDescription: "gathered, with strides beyond counting along axes of one entry",
            tensor: .tensor(storage, shape: [1, 2, 1, 2], strides: [1 << 62, 1, Int.max, 6]), shape: [1, 2, 1, 2],
            values: [0, 6, 1, 7]),
        View(
            testDescription: "a parameter",
            tensor: .call("torch._utils", "_rebuild_parameter", [matrix, .bool(true), .none]), shape: [4, 6],
            values: floats),
        View(
            testDescription: "a tensor with attributes",
            tensor: .call(
                "torch._tensor", "_rebuild_from_type_v2",
                [
                    .global("torch._utils", "_rebuild_tensor_v2"), .global("torch", "Tensor"),
                    .tuple([storage, .int(0), .tuple([.int(2)]), .tuple([.int(1)]), .bool(false), .none]),
                    .dictionary([]),
                ]), shape: [2], values: [0, 1]),
        View(
            testDescription: "bytes with a type of their own",
            tensor: .call(
                "torch._utils", "_rebuild_tensor_v3",
                [
                    .storage("UntypedStorage", key: "0", count: 96), .int(1), .tuple([.int(2)]), .tuple([.int(1)]),
                    .bool(false), .none, .global("torch", "float32"), .dictionary([]),
                ]), shape: [2], values: [1, 2]),
    ]

    @Test("views come in row-major order", arguments: views)
    func view(_ view: View) throws {
        for version: UInt8 in [2, 4] {
            let weights = try open(.dictionary([("w", view.tensor)]), version: version)
            #expect(weights.tensors == ["w": TensorInfo(type: .float32, shape: view.shape)])
            #expect(try weights.floats("w").values == view.values)
            #expect(try weights.view("w").values == view.values)
            #expect(try weights.bytes("w").count == 4 * view.values.count)
        }
    }

    @Test(
        "every type of storage",
        arguments: [
            ("DoubleStorage", .float64), ("FloatStorage", .float32), ("HalfStorage", .float16),
            ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32), ("ShortStorage", .int16),
            ("CharStorage", .int8), ("ByteStorage", .uint8), ("BoolStorage", .bool),
        ] as [(String, ElementType)])
    func types(_ name: String, _ type: ElementType) throws {
        let columns = 48 / type.size
        let storage = PickleItem.storage(name, key: "0", count: 96 / type.size)
        let weights = try open(
            .dictionary([
                ("w", .tensor(storage, shape: [2, columns])),
                ("t", .tensor(storage, shape: [columns, 2], strides: [1, columns])),
            ]))
        #expect(weights.tensors["w"] == TensorInfo(type: type, shape: [2, columns]))
        let bytes = Self.storages[0].1
        #expect(try Array(weights.bytes("w")) == bytes)
        let gathered = (0..<columns).flatMap { column in
            (0..<2).flatMap { row in bytes[((row * columns + column) * type.size)...].prefix(type.size) }
        }
        #expect(try Array(weights.bytes("t")) == gathered)
    }

    struct Wrapping: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let item: PickleItem
        let unwrapped: [String]
        var skipped: [String] = []
        var names = ["a.w", "b.w"]
    }

    private static func state(_ prefix: String = "") -> PickleItem {
        .dictionary([(prefix + "a.w", matrix), (prefix + "b.w", matrix)])
    }

    static let wrappings = [
        Wrapping(testDescription: "nothing", item: state(), unwrapped: []),
        Wrapping(
            testDescription: "model, beside an optimizer and arguments",
            item: .dictionary([
                ("optimizer", .dictionary([("x", matrix)])), ("model", state()), ("epoch", .int(3)),
                ("args", .object("argparse", "Namespace", state: .dictionary([]))),
                ("evil", .call("os", "system", [.string("true")])),
            ]), unwrapped: ["model"], skipped: ["optimizer", "epoch", "args (argparse.Namespace)", "evil (os.system)"]),
        Wrapping(
            testDescription: "state_dict and a prefix", item: .dictionary([("state_dict", state("module."))]),
            unwrapped: ["state_dict", "module."]),
        Wrapping(
            testDescription: "several prefixes", item: state("_orig_mod.module.backbone."),
            unwrapped: ["_orig_mod.module.backbone."]),
        Wrapping(
            testDescription: "teacher and student",
            item: .dictionary([("student", state()), ("teacher", state("backbone."))]),
            unwrapped: ["teacher", "backbone."], skipped: ["student"]),
        Wrapping(
            testDescription: "weights before their averages",
            item: .dictionary([("model_ema", state()), ("model", state())]), unwrapped: ["model"],
            skipped: ["model_ema"]),
        Wrapping(
            testDescription: "a key of one's own", item: .dictionary([("mine", state()), ("lr", .float(1))]),
            unwrapped: ["mine"], skipped: ["lr"]),
        Wrapping(
            testDescription: "parts of families stay", item: state("visual."), unwrapped: [],
            names: ["visual.a.w", "visual.b.w"]),
        Wrapping(
            testDescription: "a prefix of some names only stays",
            item: .dictionary([("model.a", matrix), ("head", matrix)]), unwrapped: [], names: ["model.a", "head"]),
        Wrapping(
            testDescription: "numbers beside the tensors",
            item: .dictionary([("a.w", matrix), ("step", .int(3)), ("b.w", matrix)]), unwrapped: [], skipped: ["step"]),
    ]

    @Test("the tensors are found in", arguments: wrappings)
    func wrapping(_ example: Wrapping) throws {
        let weights = try open(example.item)
        #expect(weights.names == example.names)
        #expect(weights.unwrapped == example.unwrapped)
        #expect(weights.skipped == example.skipped)
        #expect(try weights.floats(example.names[0]).values == Self.floats)
    }

    @Test("64-bit sizes, a comment and an unusual folder are all the same")
    func zips() throws {
        var wide = ZipWriter.torch(Self.state(), storages: Self.storages)
        wide.isWide = true
        var commented = ZipWriter.torch(Self.state(), storages: Self.storages, root: "my model")
        commented.comment = Array("said PK\u{5}\u{6} nobody".utf8)
        for zip in [wide, commented] { #expect(try open(zip).floats("a.w").values == Self.floats) }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let item: PickleItem
        let kind: CheckpointError.Kind

        init(_ name: String, _ item: PickleItem, _ kind: CheckpointError.Kind) {
            testDescription = name
            self.item = item
            self.kind = kind
        }

        init(_ name: String, tensor: PickleItem, _ kind: CheckpointError.Kind = .malformedTensor) {
            self.init(name, .dictionary([("w", tensor)]), kind)
        }
    }

    static let refusals = [
        Refusal("a whole model", .object("torch.nn", "Linear", state: .dictionary([("w", matrix)])), .noTensors),
        Refusal("a tensor alone", matrix, .noTensors),
        Refusal("a list", .list([matrix]), .noTensors),
        Refusal("nothing", .dictionary([]), .noTensors),
        Refusal("a dictionary in itself", .dictionary([("model", .raw([0x68, 0]))]), .noTensors),
        Refusal("two models", .dictionary([("g", state()), ("d", state())]), .severalStateDicts),
        Refusal(
            "quantised", tensor: .call("torch._utils", "_rebuild_qtensor", [storage]), .unsupportedTensor),
        Refusal("sparse", tensor: .call("torch._utils", "_rebuild_sparse_tensor", []), .unsupportedTensor),
        Refusal(
            "complex", tensor: .tensor(.storage("ComplexFloatStorage", key: "0", count: 2), shape: [2]),
            .unsupportedTensor),
        Refusal("beyond its storage", tensor: .tensor(storage, offset: 1, shape: [4, 6])),
        Refusal("beyond its storage by strides", tensor: .tensor(storage, shape: [2, 2], strides: [23, 2])),
        Refusal("before its storage", tensor: .tensor(storage, offset: -1, shape: [2])),
        Refusal("with negative sizes", tensor: .tensor(storage, shape: [-2, -2])),
        Refusal("with negative strides", tensor: .tensor(storage, offset: 10, shape: [2], strides: [-1])),
        Refusal(
            "with sizes whose product wraps round",
            tensor: .tensor(storage, shape: [1 << 32, 1 << 32], strides: [0, 0])),
        Refusal("with strides that wrap round", tensor: .tensor(storage, shape: [3, 3], strides: [1 << 62, 1 << 62])),
        Refusal("a few values repeated beyond measure", tensor: .tensor(storage, shape: [1 << 40], strides: [0])),
        Refusal(
            "of a storage that is not there", tensor: .tensor(.storage("FloatStorage", key: "7", count: 1), shape: [1])),
        Refusal(
            "of a storage larger than the file",
            tensor: .tensor(.storage("FloatStorage", key: "0", count: 25), shape: [1])),
        Refusal(
            "of a storage beyond counting",
            tensor: .tensor(.storage("DoubleStorage", key: "0", count: 1 << 62), shape: [1])),
        Refusal("rebuilt from nothing", tensor: .call("torch._utils", "_rebuild_tensor_v2", []), .malformedPickle),
        Refusal(
            "with more sizes than strides", tensor: .tensor(storage, shape: [2, 2], strides: [1]), .malformedPickle),
        Refusal("an instruction of protocol 0", .raw(Array("I1\n".utf8)), .malformedPickle),
        Refusal("an extension", .raw([0x82, 1]), .malformedPickle),
        Refusal("another persistent id", .raw([0x4E, 0x51]), .malformedPickle),
        Refusal("too few values", .raw([0x30]), .malformedPickle),
        Refusal("a value never kept", .raw([0x68, 9]), .malformedPickle),
        Refusal("a mark never set", .raw([0x74]), .malformedPickle),
        Refusal("words longer than the file", .raw([0x58, 0xFF, 0xFF, 0xFF, 0x7F]), .malformedPickle),
        Refusal("words longer than memory", .raw([0x8D] + [UInt8](repeating: 0xFF, count: 8)), .malformedPickle),
    ]

    @Test("what is no state dict, or not as it should be, is refused by its case", arguments: refusals)
    func refusal(_ example: Refusal) throws {
        let found = try error { try open(example.item) }
        #expect(found?.kind == example.kind, "\(String(describing: found))")
    }

    @Test("what is met instead of tensors is named")
    func met() throws {
        let model = PickleItem.object("torch.nn.modules.linear", "Linear", state: Self.state())
        guard case .noTensors(_, let met)? = try error({ try open(model) }) else {
            Issue.record("not refused")
            return
        }
        #expect(met == ["torch.nn.modules.linear.Linear"])
    }

    @Test("archives of another kind are named")
    func formats() throws {
        var script = ZipWriter.torch(Self.state(), storages: Self.storages)
        script.add("archive/constants.pkl", [])
        var big = ZipWriter.torch(Self.state(), storages: Self.storages)
        big.entries[1].bytes = Array("big".utf8)
        var other = ZipWriter()
        other.add("readme.txt", [1])
        for (zip, format) in [(script, ForeignFormat.torchScript), (big, .torchBigEndian), (other, .zip)] {
            guard case .unsupportedFormat(_, format)? = try error({ try open(zip) }) else {
                Issue.record("\(format) is not named")
                continue
            }
        }
    }

    @Test("archives that are cut, compressed or hold a name twice are refused")
    func archives() throws {
        var packed = ZipWriter.torch(Self.state(), storages: Self.storages)
        packed.entries[0].method = 8
        var twice = ZipWriter.torch(Self.state(), storages: Self.storages)
        twice.entries.append(twice.entries[0])
        for zip in [packed, twice] { #expect(try error { try open(zip) }?.kind == .malformedArchive) }
        let whole = ZipWriter.torch(Self.state(), storages: Self.storages).bytes
        try withTemporaryFolder { folder in
            for length in stride(from: 9, to: whole.count, by: 13) {
                try write(whole.prefix(length), to: folder + "/w.pth")
                let found = try error { try Weights(path: folder + "/w.pth") }
                #expect(found?.kind == .malformedArchive, "cut to \(length) bytes")
            }
        }
    }

    @Test("deep nesting and long lists take neither stack nor time")
    func deep() throws {
        let nested = PickleItem.raw([UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999))
        #expect(try error { try open(nested) }?.kind == .noTensors)
        let tuples = PickleItem.raw([0x4E] + [UInt8](repeating: 0x85, count: 500_000))
        #expect(try error { try open(tuples) }?.kind == .noTensors)
        let tall = PickleItem.raw([UInt8](repeating: 0x4E, count: 1 << 21))
        #expect(try error { try open(tall) }?.kind == .malformedPickle)
    }

    @Test("come out as one safetensors file that holds the same")
    func saved() throws {
        try withTemporaryFolder { folder in
            let item = PickleItem.dictionary(Self.views.map { ($0.testDescription, $0.tensor) })
            let weights = try open(item)
            let file = try StagedFile(target: folder + "/w.safetensors")
            let sources = weights.names.compactMap { name in
                weights.tensors[name].map { info in
                    TensorSource(name: name, type: info.type, shape: info.shape) { try $0(weights.bytes(name)) }
                }
            }
            try SafetensorsWriter.write(sources, metadata: weights.metadata, to: file)
            try file.commit()
            let saved = try Weights(path: folder + "/w.safetensors")
            #expect(saved.names == Self.views.map(\.testDescription))
            #expect(saved.tensors == weights.tensors)
            #expect(saved.metadata == ["format": "pt"])
            for view in Self.views { #expect(try saved.floats(view.testDescription).values == view.values) }
        }
    }
}
