import Foundation
import Jupyter
import Testing

@Suite("Messages")
struct FramesTests {
    private static let key = Signature(key: "secret")

    private static func parts(_ header: String, content: String = "{}") -> [Data] {
        Frames(
            identities: [Data("a".utf8), Data([0, 255])], header: Data(header.utf8), parent: Data("{}".utf8),
            metadata: Data("{}".utf8), content: Data(content.utf8)
        ).signed(by: key)
    }

    private static let good = #"{"msg_id": "1", "msg_type": "execute_request"}"#

    @Test("come back as they were sent, identities in bytes")
    func roundTrip() throws {
        let frames = Self.parts(Self.good, content: #"{"code": "help é 🌷"}"#)
        let message = try Frames(frames, signature: Self.key)
        #expect(message.identities == [Data("a".utf8), Data([0, 255])])
        #expect(message.signed(by: Self.key) == frames)
        #expect(message.content == Data(#"{"code": "help é 🌷"}"#.utf8))
        // What stands behind is no part of what is signed.
        #expect(try Frames(frames + [Data("buffer".utf8)], signature: Self.key) == message)
    }

    @Test("that are not whole, not signed or not JSON are told apart and dropped")
    func faults() {
        func fault(_ frames: [Data]) -> MessageFault? {
            do throws(MessageFault) {
                _ = try Request(frames, on: .shell, signature: Self.key)
                return nil
            } catch {
                return error
            }
        }
        let frames = Self.parts(Self.good)
        #expect(fault(frames) == nil)
        #expect(fault([]) == .noDelimiter)
        #expect(fault([Data(), Data("<ids|msg>".utf8)]) == .noDelimiter)
        #expect(fault(Array(frames.prefix(6))) == .missingFrames(found: 3))
        var forged = frames
        forged[6] = Data(#"{"code": "save"}"#.utf8)
        #expect(fault(forged) == .wrongSignature)
        var unsigned = frames
        unsigned[3] = Data()
        #expect(fault(unsigned) == .wrongSignature)
        for header in ["", "{", "[]", "7", "{}", #"{"msg_id": 1, "msg_type": "x"}"#, "\u{0}", #"{"msg_id": "1"}"#] {
            #expect(fault(Self.parts(header)) == .notUnderstood(.header), "\(header)")
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(fault(Self.parts(deep)) == .notUnderstood(.header))
        let strange = #"{"msg_id": "1", "msg_type": "debug_request"}"#
        #expect(fault(Self.parts(strange)) == .unknownRequest("debug_request"))
    }

    @Test("bytes from anywhere are never more than a fault", arguments: 0..<200)
    func noise(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        var frames = Self.parts(Self.good, content: #"{"code": "help"}"#)
        for _ in 0..<(1 + Int(next()) % 4) {
            let place = Int(next()) % frames.count
            switch next() % 4 {
            case 0: frames[place] = Data((0..<Int(next())).map { _ in next() })
            case 1: frames.remove(at: place)
            case 2: frames.insert(Data([next()]), at: place)
            default: frames[place].append(next())
            }
            if frames.isEmpty { break }
        }
        // Read without a key too, so that what is behind the signature is looked at.
        for key in [Self.key, Signature(key: "")] {
            do throws(MessageFault) {
                _ = try Request(frames, on: .shell, signature: key)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        // What is signed can't be changed.
        if let message = try? Frames(frames, signature: Self.key) {
            #expect(message.content == Data(#"{"code": "help"}"#.utf8))
            #expect(message.header == Data(Self.good.utf8))
        }
    }
}
