import Checkpoints
import Foundation
import Images
import Tensor
import Testing

@Suite("Prepared images")
struct PreparedImagesTests {
    /// A safetensors file of float32 tensors, and of 64-bit `labels`.
    static func write(
        _ folder: TemporaryFolder, _ tensors: [(name: String, shape: [Int], values: [Float])], labels: [Int64]? = nil
    ) throws -> String {
        var entries: [String: JSON] = [:]
        var data: [UInt8] = []
        func add(_ name: String, _ type: JSON, _ shape: [Int], _ bytes: [UInt8]) {
            let range = [data.count, data.count + bytes.count]
            entries[name] = .object([
                "dtype": type, "shape": .array(shape.map { .number(Double($0)) }),
                "data_offsets": .array(range.map { .number(Double($0)) }),
            ])
            data += bytes
        }
        for tensor in tensors {
            add(tensor.name, "F32", tensor.shape, tensor.values.withUnsafeBytes(Array.init))
        }
        if let labels { add("labels", "I64", [labels.count], labels.withUnsafeBytes(Array.init)) }
        let header = Array(JSON.object(entries).encoded())
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init)
        return try folder.write("images.safetensors", length + header + data)
    }

    static let rules = Preprocessing.defaults(size: PixelSize(height: 2, width: 3), channels: .rgb)
    static let values = (0..<90).map { Float($0) }

    @Test("images keep the order of the file and stay one part")
    func order() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, [("x", [5, 3, 2, 3], Self.values)], labels: [4, 3, 2, 1, 0])
        #expect(try DataSource.detect(path: path) == .safetensors(path: path, tensor: nil))
        let set = try DataSet.open(.safetensors(path: path, tensor: nil))
        #expect(set.parts.map(\.role) == [.all])
        let part = try #require(set.part(.all))
        #expect(part.labels == [4, 3, 2, 1, 0])
        #expect(try part.read(0..<5, preprocessing: Self.rules).values == Self.values)
        #expect(try part.read(2..<4, preprocessing: Self.rules).values == Array(Self.values[36..<72]))
    }

    @Test("a seed shuffles them, a split splits them")
    func chosen() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, [("x", [5, 3, 2, 3], Self.values)])
        let source = DataSource.safetensors(path: path, tensor: "x")
        let shuffled = try DataSet.open(source, selection: DataSelection(seed: 1))
        #expect(shuffled.parts.map(\.role) == [.all])
        #expect(shuffled.parts[0].names != ["0", "1", "2", "3", "4"])
        let split = try DataSet.open(source, selection: DataSelection(limit: 4, calibrationPercent: 75))
        #expect(split.parts.map(\.names) == [["0", "1", "2"], ["3"]])
    }

    @Test("a value that is not finite names the tensor and the image", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(_ value: Float) throws {
        let folder = try TemporaryFolder()
        var values = Self.values
        values[3 * 18 + 5] = value
        let path = try Self.write(folder, [("x", [5, 3, 2, 3], values)])
        let part = try #require(try DataSet.open(.safetensors(path: path, tensor: "x")).part(.all))
        let expected = ImageError.notFinite(path: path, tensor: "x", image: 3)
        #expect(imageError { _ = try part.read(0..<5, preprocessing: Self.rules) } == expected)
        #expect(imageError { _ = try part.verified(preprocessing: Self.rules) } == expected)
        #expect(imageError { _ = try part.read(0..<3, preprocessing: Self.rules) } == nil)
    }

    @Test("what can't be images is refused with what was found")
    func refused() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(
            folder,
            [("x", [5, 18], Self.values), ("y", [1, 3, 5, 6], Self.values), ("z", [5, 3, 2, 3], Self.values)],
            labels: [1, 2, 3, -4, 5])
        func error(_ tensor: String?) -> ImageError? {
            imageError { _ = try DataSet.open(.safetensors(path: path, tensor: tensor)) }
        }
        #expect(error(nil) == .noImageTensor(path: path, name: nil, candidates: ["y", "z"]))
        #expect(error("w") == .noImageTensor(path: path, name: "w", candidates: ["y", "z"]))
        #expect(
            error("x") == .wrongTensorShape(path: path, tensor: "x", expected: [-1, -1, -1, -1], found: [5, 18]))
        #expect(error("y") == nil)
        #expect(error("z") == .negativeLabel(path: path, index: 3, label: -4))
    }

    @Test("labels of another number are refused where they can't belong to other images")
    func labelCount() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, [("x", [5, 3, 2, 3], Self.values)], labels: [0, 1, 2, 3])
        #expect(
            imageError { _ = try DataSet.open(.safetensors(path: path, tensor: "x")) }
                == .labelCount(path: path, images: 5, labels: 4))
    }

    @Test("images of another shape than the model's are refused")
    func otherShape() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, [("x", [5, 3, 3, 2], Self.values)])
        let part = try #require(try DataSet.open(.safetensors(path: path, tensor: "x")).part(.all))
        #expect(
            imageError { _ = try part.read(0..<5, preprocessing: Self.rules) }
                == .wrongTensorShape(path: path, tensor: "x", expected: [5, 3, 2, 3], found: [5, 3, 3, 2]))
    }
}
