import Checkpoints
import Foundation
import Testing

@Suite("JSON values")
struct JSONTests {
    private static let texts = [
        "null", "true", "false", "0", "-1", "1.5", "1e-07", #""""#, #""a\"b\\c/ü\n""#, "[]", "{}",
        #"[1,[true,null],{"a":"b"}]"#, #"{"a":{"b":[1,2]},"b":"c/d","ä":0.1}"#, "9007199254740992",
    ]

    @Test("encoding gives the same bytes again and again", arguments: texts)
    func stable(_ text: String) throws {
        let value = try JSON(parsing: Data(text.utf8))
        let encoded = value.encoded()
        #expect(String(decoding: encoded, as: UTF8.self) == text)
        let again = try JSON(parsing: encoded)
        #expect(again == value)
        #expect(again.encoded() == encoded)
        #expect(try JSON(parsing: value.encoded(pretty: true)) == value)
    }

    @Test(
        "a value is of one kind",
        arguments: [
            ("[1,0,true,false]", [.number(1), .number(0), .bool(true), .bool(false)]),
            ("[-0.5,1e3,127,-128,255]", [.number(-0.5), .number(1000), .number(127), .number(-128), .number(255)]),
            (#"[null,"true","1",[],{}]"#, [.null, .string("true"), .string("1"), .array([]), .object([:])]),
            ("[9007199254740993,1234567890123456789]", [.number(0x1p53), .number(1_234_567_890_123_456_768)]),
        ] as [(String, [JSON])])
    func oneKind(_ text: String, _ values: [JSON]) throws {
        #expect(try JSON(parsing: Data(text.utf8)) == .array(values))
    }

    @Test(
        "what is no JSON is refused",
        arguments: ["", "[01]", "[NaN]", "{\"a\":1}x", "{a:1}", "[1", String(repeating: "[", count: 100_000)])
    func notJSON(_ text: String) {
        #expect(throws: (any Error).self) { try JSON(parsing: Data(text.utf8)) }
    }

    @Test("keys are sorted, however they came")
    func sorted() throws {
        let orders = [#"{"b":1,"a":2,"C":3,"aa":4}"#, #"{"aa":4,"C":3,"b":1,"a":2}"#]
        let encoded = try orders.map { try JSON(parsing: Data($0.utf8)).encoded() }
        #expect(encoded[0] == encoded[1])
        #expect(String(decoding: encoded[0], as: UTF8.self) == #"{"C":3,"a":2,"aa":4,"b":1}"#)
    }

    @Test("whole numbers have no point, and numbers that JSON lacks become words")
    func numbers() {
        func text(_ value: Double) -> String { String(decoding: JSON.number(value).encoded(), as: UTF8.self) }
        #expect(text(12) == "12")
        #expect(text(-3) == "-3")
        #expect(text(0.25) == "0.25")
        #expect(text(.infinity) == #""Infinity""#)
        #expect(text(.nan) == #""NaN""#)
    }

    @Test("values are read as what they are and as nothing else")
    func kinds() throws {
        let value = try JSON(parsing: Data(#"{"i":3,"d":3.5,"t":true,"s":"3","n":null,"big":1e300,"l":[1]}"#.utf8))
        #expect(value["i"]?.int == 3)
        #expect(value["i"]?.bool == nil)
        #expect(value["d"]?.int == nil)
        #expect(value["d"]?.double == 3.5)
        #expect(value["t"]?.bool == true)
        #expect(value["t"]?.double == nil)
        #expect(value["s"]?.int == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["big"]?.int == nil)
        #expect(value["l"]?.array?.count == 1)
        #expect(value[["l", "x"]] == nil)
        #expect(value["nothing"] == nil)
    }
}
