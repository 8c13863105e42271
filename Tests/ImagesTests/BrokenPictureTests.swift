import Foundation
import Images
import Testing

@Suite("Broken pictures")
struct BrokenPictureTests {
    @Test("a text file named .jpg is no image")
    func text() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("notes.jpg", Array("shopping list".utf8))
        let error = imageError { _ = try ImageDecoder.decode(path: path, channels: .rgb) }
        #expect(error == .notAnImage(path: path, leading: Array("shopping".utf8)))
    }

    @Test("an empty file is no image")
    func empty() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("nothing.png", [])
        #expect(
            imageError { _ = try ImageDecoder.decode(path: path, channels: .rgb) }
                == .notAnImage(path: path, leading: []))
    }

    @Test("a picture that is not there is missing")
    func missing() {
        #expect(
            imageError { _ = try ImageDecoder.decode(path: "/nowhere/at/all.png", channels: .rgb) }
                == .missing(path: "/nowhere/at/all.png"))
    }

    @Test("a folder named .jpg is no file")
    func folder() throws {
        let folder = try TemporaryFolder()
        #expect(
            imageError { _ = try ImageDecoder.decode(path: folder.path, channels: .rgb) }
                == .notAFile(path: folder.path))
    }

    @Test(
        "a picture cut in the middle is truncated",
        arguments: [
            "rgb-420.jpg", "rgb-progressive.jpg", "rgb-restart.jpg", "grey.jpg", "cmyk.jpg", "rgb-8.png", "grey-1.png",
            "palette-4-interlaced.png",
        ])
    func truncated(_ name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let format: ImageFormat = name.hasSuffix("png") ? .png : .jpeg
        let cut = format == .jpeg ? bytes.count * 9 / 10 : bytes.count - 30
        #expect(
            imageError { _ = try ImageDecoder.decode(Array(bytes[..<cut]), path: name, channels: .rgb) }
                == .truncatedImage(path: name, format: format))
    }

    @Test(
        "a picture cut anywhere ends in an error or in whole pixels, never otherwise",
        arguments: ["rgb-progressive.jpg", "rgb-8.png"])
    func cutAnywhere(_ name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for cut in 0..<bytes.count {
            _ = imageError { _ = try ImageDecoder.decode(Array(bytes[..<cut]), path: name, channels: .rgb) }
        }
    }

    @Test(
        "a PNG that claims absurd sizes is refused before room is made for it",
        arguments: [(20_000, 20_000), (2_147_483_647, 2_147_483_647), (1_000_001, 1), (1, 2_000_000)])
    func bomb(_ size: (width: Int, height: Int)) throws {
        let bytes = try Self.withSize(size.width, size.height, of: "rgb-8.png")
        #expect(
            imageError { _ = try ImageDecoder.decode(bytes, path: "bomb", channels: .rgb) }
                == .tooManyPixels(
                    path: "bomb", width: size.width, height: size.height, limit: PixelBuffer.limit))
    }

    @Test("a PNG that claims more rows than it has is broken")
    func tooFewRows() throws {
        let bytes = try Self.withSize(13, 5_000, of: "rgb-8.png")
        let error = imageError { _ = try ImageDecoder.decode(bytes, path: "long", channels: .rgb) }
        guard case .damagedImage(path: "long", format: .png, _) = error else {
            Issue.record("expected a damaged image, got \(String(describing: error))")
            return
        }
    }

    @Test("a PNG with a flipped bit in its header is damaged")
    func checksum() throws {
        var bytes = try Fixtures.bytes("rgb-8.png")
        bytes[19] ^= 1
        guard
            case .damagedImage? = imageError({ _ = try ImageDecoder.decode(bytes, path: "flipped", channels: .rgb) })
        else {
            Issue.record("expected a damaged image")
            return
        }
    }

    /// A fixture with other sizes in its header, the checksum made to fit.
    static func withSize(_ width: Int, _ height: Int, of name: String) throws -> [UInt8] {
        var bytes = try Fixtures.bytes(name)
        for (offset, value) in [(16, width), (20, height)] {
            for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
        }
        let sum = checksum(bytes[12..<29])
        for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * byte)) }
        return bytes
    }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
    }
}
