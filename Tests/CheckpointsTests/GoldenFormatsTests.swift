import Checkpoints
import Foundation
import Testing

/// Files that PyTorch itself wrote, beside the project.
private enum Goldens {
    static let folder: String = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appendingPathComponent("shared/goldens").path
    }()
    static let areThere = FileManager.default.fileExists(atPath: folder + "/_checkpoint_formats/plain.pth")
}

@Suite("Files that PyTorch wrote", .enabled(if: Goldens.areThere, "needs ../shared/goldens"))
struct GoldenFormatsTests {
    @Test(
        "are read bit for bit, whatever they are wrapped in",
        arguments: [
            ("plain.pth", [], []),
            ("wrapped_model.pth", ["model"], []),
            ("wrapped_state_dict_module.pth", ["state_dict", "module."], nil),
            ("with_namespace.pth", ["model"], ["args (argparse.Namespace)", "epoch"]),
        ] as [(String, [String], [String]?)])
    func formats(_ name: String, unwrapped: [String], skipped: [String]?) throws {
        let folder = Goldens.folder + "/_checkpoint_formats/"
        let expected = try Weights(path: folder + "expected.safetensors")
        let found = try Weights(path: folder + name)
        #expect(found.tensors == expected.tensors)
        try expectSameBytes(found, expected)
        #expect(found.unwrapped == unwrapped)
        if let skipped { #expect(found.skipped == skipped) }
    }

    @Test("and before version 1.6 are named")
    func legacy() throws {
        let path = Goldens.folder + "/_checkpoint_formats/legacy_not_zip.pth"
        #expect(throws: CheckpointError.unsupportedFormat(path: path, format: .torchBeforeZip)) {
            try Checkpoint(path: path)
        }
    }

    @Test(
        "hold the tensors of the safetensors file beside them",
        arguments: [
            "amp_dinov2_swiglu/dinov2_tiny_pretrain.pth", "timm_vit/checkpoint_fp32_model_key.pth",
            "openclip_vit/open_clip_pytorch_model.bin",
        ])
    func models(_ name: String) throws {
        let path = Goldens.folder + "/" + name
        let found = try Weights(path: path)
        let expected = try Weights(path: (path as NSString).deletingLastPathComponent + "/model.safetensors")
        // The safetensors file may keep the same values in half precision.
        #expect(found.tensors.mapValues(\.shape) == expected.tensors.mapValues(\.shape))
        for name in expected.names {
            for (value, other) in zip(try found.floats(name).values, try expected.floats(name).values) {
                #expect(abs(value - other) <= abs(value) / 128 + 1e-30, "\(name)")
            }
        }
    }

    private func expectSameBytes(_ found: Weights, _ expected: Weights) throws {
        for name in expected.names {
            let bytes = try found.bytes(name)
            #expect(bytes.elementsEqual(try expected.bytes(name)), "\(name)")
        }
    }
}
