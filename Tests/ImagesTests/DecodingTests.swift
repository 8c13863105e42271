import Images
import Testing

@Suite("Decoding")
struct DecodingTests {
    @Test("the record of expected values is there")
    func recordIsThere() {
        #expect(Fixtures.record.decoded.count > 30)
        #expect(Fixtures.record.resized.count > 30)
        #expect(Fixtures.record.prepared.count > 10)
    }

    @Test("a picture decodes to RGB as Pillow does", arguments: Fixtures.record.decoded)
    func decodesToRGB(_ expected: Fixtures.Decoded) throws {
        let picture = try ImageDecoder.decode(path: Fixtures.path(expected.file), channels: .rgb)
        #expect(picture.width == expected.width)
        #expect(picture.height == expected.height)
        #expect(Fixtures.hash(picture) == expected.rgb)
    }

    @Test("a picture decodes to grey as Pillow does", arguments: Fixtures.record.decoded)
    func decodesToGrey(_ expected: Fixtures.Decoded) throws {
        let picture = try ImageDecoder.decode(path: Fixtures.path(expected.file), channels: .grey)
        #expect(Fixtures.hash(picture) == expected.grey)
    }

    @Test("the first bytes tell the format, whatever the file is called")
    func formatByContent() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("really-a.jpg", Fixtures.bytes("rgb-8.png"))
        let disguised = try ImageDecoder.decode(path: path, channels: .rgb)
        let plain = try ImageDecoder.decode(path: Fixtures.path("rgb-8.png"), channels: .rgb)
        #expect(Fixtures.hash(disguised) == Fixtures.hash(plain))
    }

    @Test("a picture of grey pixels keeps its values on the way to RGB and back")
    func greyRoundTrip() throws {
        let values = (0...255).map { UInt8($0) }
        let picture = try #require(PixelBuffer(width: 16, height: 16, channels: .grey, bytes: values))
        #expect(picture.converted(to: .rgb).converted(to: .grey).withBytes(Array.init) == values)
    }
}
