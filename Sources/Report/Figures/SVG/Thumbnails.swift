/// The small pictures of a figure, each in the file once and used as often as it is seen.
struct Thumbnails: Sendable {
    /// What the identifiers begin with: other pictures of the same page have other ones.
    let prefix: String
    private let numbers: [Int?]

    /// The PNG files in base 64 that are nothing else, by their number in the figure.
    struct Store: Sendable {
        let prefix: String
        private var places: [String: Int] = [:]
        private var files: [String] = []

        init(prefix: String) { self.prefix = prefix }

        /// - Returns: nil for a matrix that has none.
        mutating func add(_ matrix: Matrix) -> Thumbnails? {
            guard !matrix.thumbnails.isEmpty else { return nil }
            let numbers = matrix.thumbnails.prefix(matrix.extent.rows).map { file -> Int? in
                guard Store.isBase64(file) else { return nil }
                if let place = places[file] { return place }
                places[file] = files.count
                files.append(file)
                return files.count - 1
            }
            return Thumbnails(prefix: prefix, numbers: numbers)
        }

        /// Each picture is one unit wide and high.
        func define(in markup: inout SVGMarkup) {
            guard !files.isEmpty else { return }
            markup.begin("defs")
            for (number, file) in files.enumerated() {
                markup.element(
                    "image",
                    [
                        ("id", "\(prefix)-\(number)"), ("width", "1"), ("height", "1"),
                        ("preserveAspectRatio", "xMidYMid slice"), ("href", "data:image/png;base64,\(file)"),
                    ])
            }
            markup.end()
        }

        private static func isBase64(_ file: String) -> Bool {
            !file.isEmpty
                && file.utf8.allSatisfy { byte in
                    switch UInt8(byte) {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
                        true
                    default: false
                    }
                }
        }
    }

    func use(_ index: Int, x: Double, y: Double, size: Double, _ pen: inout SVGPen) {
        guard numbers.indices.contains(index), let number = numbers[index] else { return }
        let place = "translate(\(pen.n(x)) \(pen.n(y))) scale(\(pen.n(size)))"
        pen.markup.element("use", [("href", "#\(prefix)-\(number)"), ("transform", place)])
    }
}
