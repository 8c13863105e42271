import Checkpoints
import Foundation
import Samples
import Tensor
import Testing

@Suite("Safetensors files come back as they were written")
struct RoundTripTests {
    private func write(_ tensors: [TensorSource], metadata: [String: String]? = nil, to path: String) throws {
        let staged = try StagedFile(target: path)
        try SafetensorsWriter.write(tensors, metadata: metadata, to: staged)
        try staged.commit()
    }

    private func source(_ name: String, _ type: ElementType, _ shape: [Int], _ bytes: [UInt8]) -> TensorSource {
        // In pieces of three, so that pieces and elements do not fall together.
        TensorSource(name: name, type: type, shape: shape) { write in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                try Array(bytes[start..<min(start + 3, bytes.count)]).withUnsafeBytes(write)
            }
        }
    }

    @Test(
        "the bytes of every type", arguments: ElementType.allCases, [[], [0], [1], [3], [17], [2, 0, 3], [3, 5, 7]])
    func bytes(_ type: ElementType, _ shape: [Int]) throws {
        try withTemporaryFolder { folder in
            var numbers = Numbers(seed: shape.count)
            let content = (0..<(shape.reduce(type.size, *))).map { _ in UInt8(numbers.index(below: 256)) }
            let path = folder + "/w.safetensors"
            // One byte before it puts the tensor at an odd address.
            try write([source("odd", .uint8, [1], [7]), source("w", type, shape, content)], to: path)
            let file = try SafetensorsFile(path: path)
            #expect(file.names == ["odd", "w"])
            #expect(file.tensors["w"]?.type == type)
            #expect(file.tensors["w"]?.shape == shape)
            #expect(try Array(file.bytes("w")) == content)
            #expect(file.metadata == nil)
        }
    }

    @Test("the values of every type that amp computes with, as float32")
    func floats() throws {
        let values: [Float] = [0, -0.0, 1, -1.5, 0.25, 1024, -3.75]
        func bytes<T>(_ convert: (Float) -> T) -> [UInt8] { values.map(convert).withUnsafeBytes { Array($0) } }
        let stored: [(ElementType, [UInt8])] = [
            (.float32, bytes { $0 }), (.float64, bytes { Double($0) }), (.float16, bytes { Float16($0) }),
            (.bfloat16, bytes { UInt16($0.bitPattern >> 16) }),
        ]
        try withTemporaryFolder { folder in
            for gap in [0, 1] {
                for (type, bytes) in stored {
                    let path = folder + "/w"
                    try write(
                        [
                            source("gap", .uint8, [gap], Array(repeating: 1, count: gap)),
                            source("w", type, [values.count], bytes),
                        ], to: path)
                    let file = try SafetensorsFile(path: path)
                    #expect(try file.floats("w").values.map(\.bitPattern) == values.map(\.bitPattern), "\(type)")
                    #expect(try file.view("w").values == values, "\(type)")
                    #expect(try file.doubles("w") == values.map(Double.init), "\(type)")
                    #expect(throws: CheckpointError.unsupportedType(path: path, tensor: "w", type: type.rawValue)) {
                        try file.integers("w")
                    }
                }
            }
        }
    }

    @Test("float64 keeps all its digits where asked for")
    func doubles() throws {
        try withTemporaryFolder { folder in
            let values = [0.1, -1 / 3.0, 1e300]
            try write([source("w", .float64, [3], values.withUnsafeBytes { Array($0) })], to: folder + "/w")
            #expect(try SafetensorsFile(path: folder + "/w").doubles("w") == values)
        }
    }

    @Test("whole numbers of every type")
    func integers() throws {
        func bytes<T: FixedWidthInteger>(_ values: [Int], _ type: T.Type) -> [UInt8] {
            values.map { T(truncatingIfNeeded: $0) }.withUnsafeBytes { Array($0) }
        }
        let signed = [0, 1, -1, 127, -128]
        let unsigned = [0, 1, 127, 128, 255]
        let stored: [(ElementType, [Int], [UInt8])] = [
            (.int64, signed, bytes(signed, Int64.self)), (.int32, signed, bytes(signed, Int32.self)),
            (.int16, signed, bytes(signed, Int16.self)), (.int8, signed, bytes(signed, Int8.self)),
            (.uint64, unsigned, bytes(unsigned, UInt64.self)), (.uint32, unsigned, bytes(unsigned, UInt32.self)),
            (.uint16, unsigned, bytes(unsigned, UInt16.self)), (.uint8, unsigned, bytes(unsigned, UInt8.self)),
            (.bool, [0, 1, 1, 0, 1], bytes([0, 1, 1, 0, 1], UInt8.self)),
        ]
        try withTemporaryFolder { folder in
            for (type, values, bytes) in stored {
                let path = folder + "/w"
                try write([source("w", type, [5], bytes)], to: path)
                let file = try SafetensorsFile(path: path)
                #expect(try file.integers("w") == values, "\(type)")
                #expect(throws: CheckpointError.unsupportedType(path: path, tensor: "w", type: type.rawValue)) {
                    try file.floats("w")
                }
            }
        }
    }

    @Test("metadata, order and data that begin at a multiple of 8")
    func layout() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/w"
            let metadata = ["format": "pt", "ü": "line\nbreak \"quoted\""]
            try write(
                [
                    TensorSource(name: "z", shape: [2], floats: [1, 2]),
                    TensorSource(name: "a", shape: [1], floats: [3]),
                ], metadata: metadata, to: path)
            let file = try SafetensorsFile(path: path)
            #expect(file.metadata == metadata)
            #expect(file.names == ["z", "a"])
            #expect((file.range(of: "z")?.lowerBound ?? 1) % 8 == 0)
            #expect(throws: CheckpointError.missingTensor(path: path, tensor: "b")) { try file.view("b") }
        }
    }
}
