import Foundation

/// A JSON object whose values are taken out with a check of kind and range; null counts as absent.
struct Configuration {
    private let values: [String: Value]

    /// - Throws: `ImageError.configurationNotAnObject`.
    init(json: Data) throws {
        guard let value = try? JSONDecoder().decode(Value.self, from: json), case .object(let object) = value else {
            throw ImageError.configurationNotAnObject
        }
        values = object
    }

    private init(values: [String: Value]) { self.values = values }

    indirect enum Value: Decodable {
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode([Value].self) {
                self = .list(value)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        /// As it would be written in the file, cut short.
        var shown: String {
            let text: String =
                switch self {
                case .null: "null"
                case .boolean(let value): "\(value)"
                case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
                case .string(let value): "\"\(value)\""
                case .list(let values): "[" + values.prefix(4).map(\.shown).joined(separator: ", ") + "]"
                case .object(let values):
                    "{" + values.sorted { $0.key < $1.key }.prefix(4).map { "\"\($0.key)\": \($0.value.shown)" }
                        .joined(separator: ", ") + "}"
                }
            return text.count <= 80 ? text : text.prefix(79) + "…"
        }
    }

    private func value(_ key: String) -> Value? {
        if case .null? = values[key] { return nil }
        return values[key]
    }

    func has(_ key: String) -> Bool { value(key) != nil }

    func failure(_ key: String, _ expected: ConfigurationExpectation) -> ImageError {
        .configurationValue(key: key, expected: expected, found: values[key]?.shown ?? "null")
    }

    func object(_ key: String) -> Configuration? {
        if case .object(let values)? = value(key) { return Configuration(values: values) }
        return nil
    }

    func boolean(_ key: String) throws -> Bool? {
        switch value(key) {
        case nil: return nil
        case .boolean(let value): return value
        default: throw failure(key, .boolean)
        }
    }

    func string(_ key: String) throws -> String? {
        switch value(key) {
        case nil: return nil
        case .string(let value): return value
        default: throw failure(key, .string)
        }
    }

    func positiveNumber(_ key: String) throws -> Double? {
        guard let value = value(key) else { return nil }
        guard case .number(let number) = value, number.isFinite, number > 0 else { throw failure(key, .positiveNumber) }
        return number
    }

    /// A number for all channels, or one a channel.
    func numbers(_ key: String, count: Int, positive: Bool) throws -> [Double]? {
        guard let value = value(key) else { return nil }
        var numbers: [Double] = []
        switch value {
        case .number(let number): numbers = [number]
        case .list(let list):
            for case .number(let number) in list { numbers.append(number) }
            guard numbers.count == list.count else { throw failure(key, .numbers(count: count)) }
        default: throw failure(key, .numbers(count: count))
        }
        if numbers.count == 1 { numbers = Array(repeating: numbers[0], count: count) }
        guard numbers.count == count, numbers.allSatisfy({ Float($0).isFinite && (!positive || Float($0) > 0) }) else {
            throw failure(key, .numbers(count: count))
        }
        return numbers
    }

    /// A side in pixels.
    static func side(_ value: Value?) -> Int? {
        guard case .number(let number)? = value, number >= 1, number <= Double(Preprocessing.sideLimit),
            number == number.rounded()
        else { return nil }
        return Int(number)
    }

    /// A size as configurations write it.
    enum Size {
        case one(Int)
        case shortestEdge(Int)
        case both(PixelSize)
    }

    /// `224`, `{"shortest_edge": 224}`, `{"height": 224, "width": 224}` or `[224, 224]`.
    func size(_ key: String) throws -> Size? {
        guard let value = value(key) else { return nil }
        switch value {
        case .number:
            if let side = Self.side(value) { return .one(side) }
        case .list(let list):
            if list.count == 1, let side = Self.side(list[0]) { return .one(side) }
            if list.count == 2, let height = Self.side(list[0]), let width = Self.side(list[1]) {
                return .both(PixelSize(height: height, width: width))
            }
        case .object(let object):
            let named = object.filter { if case .null = $0.value { false } else { true } }
            if Set(named.keys) == ["shortest_edge"], let side = Self.side(named["shortest_edge"]) {
                return .shortestEdge(side)
            }
            if Set(named.keys) == ["height", "width"], let height = Self.side(named["height"]),
                let width = Self.side(named["width"])
            {
                return .both(PixelSize(height: height, width: width))
            }
        default: break
        }
        throw failure(key, .size)
    }

    /// A resampling filter by Pillow's number or by name.
    func resampling(_ key: String) throws -> Resampling? {
        guard let value = value(key) else { return nil }
        switch value {
        case .number(let number):
            if let found = Int(exactly: number).flatMap(Resampling.init(rawValue:)) { return found }
        case .string(let name):
            if let found = Resampling(name: name.lowercased()) { return found }
        default: break
        }
        let accepted = Resampling.allCases.map { "\($0.rawValue)" } + Resampling.allCases.map(\.name)
        throw failure(key, .oneOf(accepted))
    }

    /// [channels, height, width].
    func inputSize(_ key: String) throws -> (channels: PixelChannels, size: PixelSize)? {
        guard let value = value(key) else { return nil }
        guard case .list(let list) = value, list.count == 3, let samples = Self.side(list[0]),
            let channels = PixelChannels(rawValue: samples), let height = Self.side(list[1]),
            let width = Self.side(list[2])
        else { throw failure(key, .inputSize) }
        return (channels, PixelSize(height: height, width: width))
    }
}
