import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An SVG read back by an XML parser: what is in it, and where.
final class SVGReading: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""

        func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }
    }

    private(set) var elements: [Element] = []
    private(set) var isWellFormed = false
    private var open: [Int] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        for index in open { elements[index].text += text }
    }

    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    /// Every point that is drawn, without curves' bulges and letters' widths.
    var points: [(x: Double, y: Double)] {
        elements.flatMap { element -> [(x: Double, y: Double)] in
            switch element.name {
            case "line":
                return [("x1", "y1"), ("x2", "y2")].compactMap { x, y in
                    element.number(x).flatMap { x in element.number(y).map { (x, $0) } }
                }
            case "rect":
                let (x, y) = (element.number("x") ?? 0, element.number("y") ?? 0)
                return [(x, y), (x + (element.number("width") ?? 0), y + (element.number("height") ?? 0))]
            case "text":
                return [(element.number("x") ?? -1, element.number("y") ?? -1)]
            case "path": return Self.points(ofPath: element.attributes["d"] ?? "")
            default: return []
            }
        }
    }

    /// The ends of the pieces of a path of the commands M, L, H, V, h, v, a and z.
    private static func points(ofPath path: String) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        var (x, y) = (0.0, 0.0)
        var rest = path[...]
        while let command = rest.first {
            rest.removeFirst()
            let end = rest.firstIndex { $0.isLetter } ?? rest.endIndex
            let numbers = rest[..<end].split(separator: " ").compactMap { Double($0) }
            rest = rest[end...]
            switch command {
            case "M", "L":
                for index in stride(from: 0, to: numbers.count - 1, by: 2) {
                    (x, y) = (numbers[index], numbers[index + 1])
                    points.append((x, y))
                }
            case "H": x = numbers.last ?? x
            case "V": y = numbers.last ?? y
            case "h": x += numbers.reduce(0, +)
            case "v": y += numbers.reduce(0, +)
            case "a": (x, y) = (x + (numbers.dropLast().last ?? 0), y + (numbers.last ?? 0))
            default: break
            }
            points.append((x, y))
        }
        return points
    }
}
