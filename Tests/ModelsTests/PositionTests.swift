import Models
import Samples
import Tensor
import Testing

@Suite("Position embeddings fit another patch grid as PyTorch resamples them")
struct PositionTests {
    /// `torch.nn.functional.interpolate(mode="bicubic", align_corners=False)` in float64 of the grid below.
    struct Recorded: Sendable, CustomTestStringConvertible {
        let from: Extent
        let to: Extent
        let antialiased: Bool
        let values: [Double]

        init(_ from: (Int, Int), _ to: (Int, Int), antialiased: Bool, _ values: [Double]) {
            self.from = Extent(height: from.0, width: from.1)
            self.to = Extent(height: to.0, width: to.1)
            self.antialiased = antialiased
            self.values = values
        }

        var testDescription: String {
            "\(from.height)×\(from.width) to \(to.height)×\(to.width)\(antialiased ? ", antialiased" : "")"
        }
    }

    /// Two channels.
    private static let recorded = [
        Recorded(
            (4, 4), (2, 2), antialiased: false,
            [
                0.746094, -2.618958, -1.367188, 1.59259, 1.367188, 0.874817, -0.746094, -0.0672,
            ]),
        Recorded(
            (4, 4), (2, 2), antialiased: true,
            [
                0.621273, -1.298417, -1.141529, 0.711794, 1.141529, 0.319337, -0.621273, 0.544146,
            ]),
        Recorded(
            (3, 3), (2, 5), antialiased: false,
            [
                -3.351047, -0.411242, -0.867657, -1.45802, 1.961182, -2.260742, 1.141593, -0.42701, -0.131547, 1.240785,
                -0.839555, 1.610242, -1.194127, 0.930971, -1.121582, -0.239258, 0.815123, -1.529325, 2.379945,
                -2.331986,
            ]),
        Recorded(
            (3, 3), (2, 5), antialiased: true,
            [
                -3.105935, -0.297902, -0.93981, -1.12533, 2.14055, -2.112761, 1.098903, -0.619638, 0.053263, 0.48572,
                -1.051588, 1.427619, -0.937556, 0.795278, -0.490871, -0.387239, 1.101157, -1.722877, 2.10761, -2.474526,
            ]),
        Recorded(
            (2, 3), (4, 3), antialiased: false,
            [
                -3.256836, -0.944336, 1.368164, -2.631836, -0.319336, 2.658936, -2.841797, -0.529297, 1.783203,
                -2.216797,
                0.095703, 0.978027, -2.158203, 0.154297, 2.466797, -1.533203, 0.779297, -1.790527, -1.743164, 0.569336,
                2.881836, -1.118164, 1.194336, -3.471436,
            ]),
        Recorded(
            (2, 3), (4, 3), antialiased: true,
            [
                -3.235294, -0.922794, 1.389706, -2.610294, -0.297794, 2.571691, -2.866071, -0.553571, 1.758929,
                -2.241071,
                0.071429, 1.076339, -2.133929, 0.178571, 2.491071, -1.508929, 0.803571, -1.888839, -1.764706, 0.547794,
                2.860294, -1.139706, 1.172794, -3.384191,
            ]),
        Recorded(
            (5, 2), (3, 4), antialiased: false,
            [
                -2.641624, 0.477747, -1.765815, -0.082556, -0.323305, -1.005407, 0.552504, -1.56571, 2.927979,
                -1.072021,
                2.367676, -1.632324, 1.444824, -2.555176, 0.884521, -3.115479, 1.37821, -0.740004, 0.817907, 0.135805,
                -0.104944, 1.578315, -0.665247, 2.454124,
            ]),
        Recorded(
            (5, 2), (3, 4), antialiased: true,
            [
                -2.068071, 0.570051, -1.476463, 0.0716, -0.303345, -0.916793, 0.288264, -1.415243, 1.598401, 0.475727,
                1.030571, -0.092103, -0.095397, -1.218071, -0.663227, -1.785901, 1.227743, -0.475764, 0.729293,
                0.115845,
                -0.2591, 1.288963, -0.757551, 1.880571,
            ]),
        Recorded((3, 3), (3, 3), antialiased: true, (0..<18).map { Self.value($0) }),
    ]

    private static func value(_ index: Int) -> Double { Double((37 * index) % 101 - 50) / 16 }

    /// A model of width 2 whose tokens are its positions: everything else that makes tokens is zero.
    private func model(_ example: Recorded) throws -> Transformer {
        let sizes = TinyModel.Sizes(width: 2, heads: 1, hidden: [2], patch: 1, grid: 1, classes: nil)
        let rows = example.from.area
        let size: [Int] = [example.from.height, example.from.width]
        return try (example.antialiased ? TinyModel.timm(sizes) : TinyModel.hfViT(sizes)).with { model in
            for name in model.tensors.map(\.name) where name.contains("cls_token") || name.contains("patch_embed") {
                guard let weights = model[name] else { continue }
                let zeros = [Float](repeating: 0, count: weights.values.count)
                model[name] = .init(name, weights.shape, zeros)
            }
            let name = example.antialiased ? "pos_embed" : "vit.embeddings.position_embeddings"
            model[name] = .init(name, [1, 1 + rows, 2], [7, 8] + (0..<(2 * rows)).map { Float(Self.value($0)) })
            if example.antialiased {
                model.config?["model_args"]?["img_size"] = .array(size.map { .number(Double($0)) })
            } else {
                model.config?["image_size"] = .array(size.map { .number(Double($0)) })
            }
        }.transformer()
    }

    @Test("up, down, and not square", arguments: recorded)
    func resampling(_ example: Recorded) throws {
        let transformer = try model(example)
        let x = FloatBuffer([1 + example.to.area, 2])
        let image = FloatBuffer([1, 3, example.to.height, example.to.width], filledWith: 1)
        try transformer.embed(
            .images(image), 0..<1, shape: transformer.tokens(of: LoadedImages(image).shape), into: x.pointer,
            workspaces: WorkspacePool())
        #expect(Array(x.values[..<2]) == [7, 8], "the class token keeps its position")
        for (found, expected) in zip(x.values[2...], example.values) { #expect(abs(Double(found) - expected) < 2e-6) }
    }
}
