import Checkpoints
import Images
import Testing

@Suite("How pictures are prepared, in other libraries' words")
struct PreprocessingWritingTests {
    static let size = PixelSize(height: 224, width: 224)
    static let large = PixelSize(height: 256, width: 256)

    static func rules(
        _ resize: Preprocessing.Resize, crops: Bool, channels: PixelChannels = .rgb, size: PixelSize = size,
        rescale: Double = 1.0 / 255, rounding: Preprocessing.CropRounding = .halfToEven
    ) -> Preprocessing {
        Preprocessing(
            origin: .defaults, channels: channels, resize: resize, resampling: .bicubic, cropsCentre: crops,
            cropRounding: rounding, size: size, rescale: rescale,
            mean: Array([0.485, 0.456, 0.406].prefix(channels.rawValue)),
            std: Array([0.229, 0.224, 0.225].prefix(channels.rawValue)))
    }

    /// Rules, and whether timm, Hugging Face and OpenCLIP have words for them.
    static let cases: [(rules: Preprocessing, timm: Bool, huggingFace: Bool, openCLIP: Bool)] = [
        (rules(.shorterSide(224), crops: true), true, true, true),
        (rules(.shorterSide(248), crops: true), true, true, false),
        (rules(.shorterSide(518), crops: true, size: PixelSize(height: 392, width: 392)), true, true, false),
        (rules(.exact(size), crops: false), true, true, true),
        (rules(.exact(large), crops: true), true, true, false),
        (rules(.exact(size), crops: true), true, true, true),
        (rules(.none, crops: false), true, true, true),
        (rules(.none, crops: true), false, true, false),
        (
            rules(.covering(PixelSize(height: 40, width: 60)), crops: true, size: PixelSize(height: 32, width: 48)),
            true, false, false
        ),
        (rules(.shorterSide(40), crops: true, size: PixelSize(height: 32, width: 48)), false, true, false),
        (
            rules(.shorterSide(32), crops: true, channels: .grey, size: PixelSize(height: 28, width: 28)), true, true,
            false
        ),
        (rules(.exact(size), crops: false, rescale: 1), true, true, true),
        (rules(.exact(size), crops: false, rescale: 1.0 / 127.5), true, true, true),
    ]

    @Test("what is written is read as the same rules, or it is not written", arguments: cases)
    func writing(_ rules: Preprocessing, _ timm: Bool, _ huggingFace: Bool, _ openCLIP: Bool) {
        #expect((rules.timmFields != nil) == timm)
        #expect((rules.huggingFaceFields(cropping: "BitImageProcessor") != nil) == huggingFace)
        #expect((rules.openCLIPFields != nil) == openCLIP)
    }

    @Test("a picture of one grey gets the same value")
    func values() throws {
        let rules = Self.rules(.exact(Self.size), crops: false, rescale: 1.0 / 127.5)
        let json = JSON.object(["pretrained_cfg": try #require(rules.timmFields).json])
        let read = try Preprocessing.timm(json: json, modelSize: Self.size, channels: .rgb)
        for channel in 0..<3 {
            let expected = (90 * rules.rescale - rules.mean[channel]) / rules.std[channel]
            let found = (90 * read.rescale - read.mean[channel]) / read.std[channel]
            #expect(abs(found - expected) < 1e-12)
        }
    }

    @Test("crops that round otherwise are told apart from those that cannot")
    func rounding() {
        let crop = Self.rules(.shorterSide(256), crops: true)
        #expect(crop.timmFields?.roundsCropsOtherwise == false)
        #expect(crop.huggingFaceFields(cropping: "BitImageProcessor")?.roundsCropsOtherwise == true)
        let exact = Self.rules(.exact(Self.large), crops: true)
        #expect(exact.huggingFaceFields(cropping: "BitImageProcessor")?.roundsCropsOtherwise == false)
    }
}
