import Checkpoints
import Crypto
import Foundation
import Images
import Testing

@Suite("Preprocessing")
struct PreprocessingTests {
    @Test("a picture is prepared as the checkpoint's own library does", arguments: Fixtures.record.prepared)
    func likeLibrary(_ expected: Fixtures.Prepared) throws {
        let channels: PixelChannels = expected.channels == 1 ? .grey : .rgb
        let size = PixelSize(height: 224, width: 224)
        let rules =
            expected.kind == "timm"
            ? try Preprocessing.timm(json: expected.config, modelSize: size, channels: channels)
            : try Preprocessing.huggingFace(json: expected.config, modelSize: size, channels: channels)
        #expect(rules.shape == expected.shape)
        let values = try Self.values(of: expected.file, rules)
        let last = Double(values.count - 1)
        let kept = (0..<expected.values.count).map { index in
            values[Int(last * Double(index) / Double(expected.values.count - 1))]
        }
        let worst = zip(kept, expected.values).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
        #expect(worst < 1e-6)
    }

    @Test(
        "photos are decoded and cropped as Pillow does",
        .enabled(if: Fixtures.hasStamps, "the photos are not beside the project"))
    func photos() throws {
        let expected = try #require(Fixtures.record.stamps)
        let rules = try Preprocessing.huggingFace(
            json: expected.config, modelSize: PixelSize(height: 224, width: 224), channels: .rgb)
        let set = try DataSet.open(.classFolders(path: Fixtures.stamps))
        let names = set.parts.flatMap(\.names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(names.count == expected.count)
        var (decoded, cropped) = (SHA256(), SHA256())
        for name in names {
            let path = Fixtures.stamps + "/" + name
            let picture = try ImageDecoder.decode(path: path, channels: .rgb)
            picture.withBytes { decoded.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            try rules.prepare(picture, path: path).withBytes {
                cropped.update(bufferPointer: UnsafeRawBufferPointer($0))
            }
        }
        #expect(Fixtures.hex(decoded.finalize()) == expected.decoded)
        #expect(Fixtures.hex(cropped.finalize()) == expected.cropped)
    }

    @Test("without rules the stated defaults hold")
    func defaults() {
        let colour = Preprocessing.defaults(size: PixelSize(height: 224, width: 224), channels: .rgb)
        #expect(
            colour.summary == """
                RGB, shorter side to 224 (bicubic), centre crop 224 × 224, × 1/255, mean 0.485 0.456 0.406, \
                std 0.229 0.224 0.225 [defaults]
                """)
        let grey = Preprocessing.defaults(size: PixelSize(height: 28, width: 28), channels: .grey)
        #expect(
            grey.summary
                == "grey, shorter side to 28 (bicubic), centre crop 28 × 28, × 1/255, mean 0.5, std 0.5 [defaults]")
    }

    @Test("rules survive being written and read")
    func codable() throws {
        let rules = try Preprocessing.huggingFace(
            json: .object(["image_processor_type": "CLIPImageProcessor"]),
            modelSize: PixelSize(height: 224, width: 224),
            channels: .rgb)
        let again = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(rules))
        #expect(again == rules)
    }

    @Test("written rules that make no sense are refused")
    func corrupt() throws {
        let rules = Preprocessing.defaults(size: PixelSize(height: 224, width: 224), channels: .rgb)
        let written = try JSON(parsing: JSONEncoder().encode(rules))
        let changes: [(String, JSON)] = [
            ("size", .object(["height": 0, "width": 224])), ("std", .array([0, 1, 1])), ("mean", .array([1])),
            ("channels", 2),
        ]
        for (key, value) in changes {
            var changed = written
            changed[key] = value
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Preprocessing.self, from: changed.encoded())
            }
        }
    }

    @Test("a picture that comes out at another size is refused where nothing crops it")
    func wrongSize() throws {
        let rules = try Preprocessing.huggingFace(
            json: .object(["do_resize": false]), modelSize: PixelSize(height: 20, width: 20), channels: .rgb)
        let error = imageError { _ = try Self.values(of: "rgb-8.png", rules) }
        #expect(
            error
                == .wrongSize(
                    path: "rgb-8.png", expected: PixelSize(height: 20, width: 20),
                    found: PixelSize(height: 11, width: 13)))
    }

    @Test("a strip of pixels costs no more than the crop of it")
    func strip() throws {
        let rules = Preprocessing.defaults(size: PixelSize(height: 224, width: 224), channels: .grey)
        let strip = try #require(
            PixelBuffer(width: 200_000, height: 1, channels: .grey, bytes: Fixtures.noise(200_000, seed: 1)))
        #expect(try rules.prepare(strip, path: "strip").size == rules.size)
    }

    static func values(of name: String, _ rules: Preprocessing) throws -> [Float] {
        let picture = try ImageDecoder.decode(path: Fixtures.path(name), channels: rules.channels)
        let prepared = try rules.prepare(picture, path: name)
        return [Float](unsafeUninitializedCapacity: rules.count) { buffer, count in
            if let base = buffer.baseAddress {
                rules.normalise(prepared, into: base)
                count = rules.count
            }
        }
    }
}

@Suite("Preprocessing configurations")
struct ConfigurationTests {
    static let size = PixelSize(height: 224, width: 224)

    @Test(
        "a value of the wrong kind names its key, what is expected and what is there",
        arguments: [
            (#"{"size": "large"}"#, "size", ConfigurationExpectation.size, "\"large\""),
            (#"{"size": {"longest_edge": 5}}"#, "size", .size, #"{"longest_edge":5}"#),
            (#"{"size": -3}"#, "size", .size, "-3"),
            (#"{"size": 1e12}"#, "size", .size, "1000000000000"),
            (#"{"do_resize": 1}"#, "do_resize", .boolean, "1"),
            (#"{"image_std": [0.5, 0, 0.5]}"#, "image_std", .numbers(count: 3), "[0.5,0,0.5]"),
            (#"{"image_mean": [0.5, 0.5]}"#, "image_mean", .numbers(count: 3), "[0.5,0.5]"),
            (#"{"image_mean": [0.5, 0.5, 1e300]}"#, "image_mean", .numbers(count: 3), "[0.5,0.5,1e+300]"),
            (#"{"rescale_factor": 0}"#, "rescale_factor", .positiveNumber, "0"),
            (#"{"image_processor_type": 7}"#, "image_processor_type", .string, "7"),
        ])
    func huggingFace(_ json: String, _ key: String, _ expected: ConfigurationExpectation, _ found: String) throws {
        let parsed = try JSON(parsing: Data(json.utf8))
        let error = imageError {
            _ = try Preprocessing.huggingFace(json: parsed, modelSize: Self.size, channels: .rgb)
        }
        #expect(error == .configurationValue(key: key, expected: expected, found: found))
    }

    @Test(
        "timm's values are checked as well",
        arguments: [
            (#"{"input_size": [2, 28, 28]}"#, "input_size"), (#"{"crop_pct": 0}"#, "crop_pct"),
            (#"{"crop_pct": 1e-9}"#, "crop_pct"), (#"{"crop_mode": "border"}"#, "crop_mode"),
            (#"{"interpolation": "random"}"#, "interpolation"), (#"{"std": [1, 2]}"#, "std"),
        ])
    func timm(_ json: String, _ key: String) throws {
        let parsed = try JSON(parsing: Data(json.utf8))
        let error = imageError { _ = try Preprocessing.timm(json: parsed, modelSize: Self.size, channels: .rgb) }
        guard case .configurationValue(key, _, _) = error else {
            Issue.record("expected an error about \(key), got \(String(describing: error))")
            return
        }
    }

    @Test("a configuration that is no object is refused")
    func notAnObject() {
        #expect(
            imageError { _ = try Preprocessing.huggingFace(json: "x", modelSize: Self.size, channels: .rgb) }
                == .configurationNotAnObject)
    }

    @Test(
        "keys that are missing take the processor's own defaults",
        arguments: [
            (
                "ViTImageProcessor",
                "RGB, resize to 224 × 224 (bilinear), × 1/255, mean 0.5, std 0.5 [ViTImageProcessor]"
            ),
            (
                "DeiTImageProcessorFast",
                "RGB, resize to 256 × 256 (bicubic), centre crop 224 × 224, × 1/255, mean 0.5, std 0.5 "
                    + "[DeiTImageProcessorFast]"
            ),
            (
                "CLIPFeatureExtractor",
                "RGB, shorter side to 224 (bicubic), centre crop 224 × 224, × 1/255, mean 0.4815 0.4578 0.4082, "
                    + "std 0.2686 0.2613 0.2758 [CLIPFeatureExtractor]"
            ),
        ])
    func defaults(_ name: String, _ summary: String) throws {
        let rules = try Preprocessing.huggingFace(
            json: .object(["image_processor_type": .string(name)]), modelSize: Self.size, channels: .rgb)
        #expect(rules.summary == summary)
    }

    @Test("OpenCLIP's mean and deviation are taken, its size is the model's")
    func openCLIP() throws {
        let json = try JSON(parsing: Data(#"{"preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": 0.25}}"#.utf8))
        let rules = try Preprocessing.openCLIP(json: json, modelSize: PixelSize(height: 32, width: 32))
        #expect(
            rules.summary
                == "RGB, shorter side to 32 (bicubic), centre crop 32 × 32, × 1/255, mean 0.5, std 0.25 [OpenCLIP]")
    }
}
