/// Sixels read back: each dot's colour in percent of red, green and blue.
struct SixelReading {
    struct Dot: Hashable {
        var x: Int
        var y: Int
    }

    private(set) var dots: [Dot: [Int]] = [:]
    private(set) var colours: [Int: [Int]] = [:]

    init(_ text: String) {
        guard let start = text.firstIndex(of: "q") else { return }
        var rest = text[text.index(after: start)...].utf8
        func number() -> Int {
            var value = 0
            while let byte = rest.first, (0x30...0x39).contains(byte) {
                value = value * 10 + Int(byte - 0x30)
                rest.removeFirst()
            }
            return value
        }
        func numbers() -> [Int] {
            var all = [number()]
            while rest.first == UInt8(ascii: ";") {
                rest.removeFirst()
                all.append(number())
            }
            return all
        }
        var (x, y, colour) = (0, 0, 0)
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): _ = numbers()
            case UInt8(ascii: "#"):
                let values = numbers()
                colour = values[0]
                if values.count == 5 { colours[colour] = Array(values[2...]) }
            case UInt8(ascii: "$"): x = 0
            case UInt8(ascii: "-"): (x, y) = (0, y + 6)
            case UInt8(ascii: "!"):
                let count = number()
                if let sixel = rest.popFirst() { for _ in 0..<count { draw(sixel, &x, y, colour) } }
            case 63...126: draw(byte, &x, y, colour)
            default: return
            }
        }
    }

    private mutating func draw(_ sixel: UInt8, _ x: inout Int, _ y: Int, _ colour: Int) {
        for row in 0..<6 where (sixel - 63) >> row & 1 == 1 { dots[Dot(x: x, y: y + row)] = colours[colour] }
        x += 1
    }
}
