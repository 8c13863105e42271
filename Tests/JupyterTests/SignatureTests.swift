import Foundation
import Jupyter
import Testing

@Suite("Signatures")
struct SignatureTests {
    // The right ones are what Python's hmac module says.
    static let cases: [(key: String, parts: [String], signature: String)] = [
        (
            "key", ["The quick brown fox jumps over the lazy dog"],
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        ),
        (
            "a0436f6c-1916-498b-8eb9-e81ab9368e84", [#"{"msg_id":"1"}"#, "{}", "{}", #"{"code":"help"}"#],
            "98e8d93e0abe13f4994e6d2320f68a63a56064d07d51b44856ef8a7f8357b418"
        ),
        ("ключ", ["é", "", "{}", ""], "260c3b8d89235f743eeaf56ccda391d741d675f699c3ad52c2f015eb0d653eca"),
    ]

    @Test("are HMAC-SHA256 over the parts one after the other", arguments: cases)
    func vector(_ test: (key: String, parts: [String], signature: String)) {
        let signature = Signature(key: test.key)
        let parts = test.parts.map { Data($0.utf8) }
        #expect(signature.sign(parts) == test.signature)
        #expect(signature.isRight(Data(test.signature.utf8), for: parts))
        #expect(signature.isRight(Data(test.signature.uppercased().utf8), for: parts))
    }

    @Test(
        "that are not the message's are wrong",
        arguments: ["", "00", "x", String(repeating: "0", count: 64), String(repeating: "g", count: 64)])
    func wrong(claimed: String) {
        #expect(!Signature(key: "key").isRight(Data(claimed.utf8), for: [Data("{}".utf8)]))
    }

    @Test("an empty key signs nothing and asks for nothing")
    func noKey() {
        let signature = Signature(key: "")
        #expect(signature.sign([Data("{}".utf8)]).isEmpty)
        #expect(signature.isRight(Data("anything".utf8), for: [Data("{}".utf8)]))
    }
}
