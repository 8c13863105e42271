import Checkpoints

/// A JSON object whose values are taken out with a check of kind and range; null counts as absent.
struct Configuration {
    private let values: [String: JSON]

    /// - Throws: `ImageError.configurationNotAnObject`.
    init(_ json: JSON) throws {
        guard let object = json.object else { throw ImageError.configurationNotAnObject }
        values = object
    }

    private func value(_ key: String) -> JSON? {
        values[key].flatMap { $0.isNull ? nil : $0 }
    }

    func has(_ key: String) -> Bool { value(key) != nil }

    func failure(_ key: String, _ expected: ConfigurationExpectation) -> ImageError {
        .configurationValue(key: key, expected: expected, found: Self.shown(values[key] ?? .null))
    }

    /// The value as it would be written in the file, cut short.
    private static func shown(_ value: JSON) -> String {
        let text = String(decoding: value.encoded(), as: UTF8.self)
        return text.count <= 80 ? text : text.prefix(79) + "…"
    }

    func object(_ key: String) throws -> Configuration? {
        guard let value = value(key), value.object != nil else { return nil }
        return try Configuration(value)
    }

    func boolean(_ key: String) throws -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.bool else { throw failure(key, .boolean) }
        return boolean
    }

    func string(_ key: String) throws -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else { throw failure(key, .string) }
        return string
    }

    func positiveNumber(_ key: String) throws -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.double, number.isFinite, number > 0 else { throw failure(key, .positiveNumber) }
        return number
    }

    /// A number for all channels, or one a channel.
    func numbers(_ key: String, count: Int, positive: Bool) throws -> [Double]? {
        guard let value = value(key) else { return nil }
        var numbers: [Double] = []
        switch value {
        case .number(let number): numbers = [number]
        case .array(let list):
            numbers = list.compactMap(\.double)
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
    private static func side(_ value: JSON?) -> Int? {
        value?.int.flatMap { 1...Preprocessing.sideLimit ~= $0 ? $0 : nil }
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
        case .array(let list):
            if list.count == 1, let side = Self.side(list[0]) { return .one(side) }
            if list.count == 2, let height = Self.side(list[0]), let width = Self.side(list[1]) {
                return .both(PixelSize(height: height, width: width))
            }
        case .object(let object):
            let named = object.filter { !$0.value.isNull }
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
        guard let list = value.array, list.count == 3, let samples = Self.side(list[0]),
            let channels = PixelChannels(rawValue: samples), let height = Self.side(list[1]),
            let width = Self.side(list[2])
        else { throw failure(key, .inputSize) }
        return (channels, PixelSize(height: height, width: width))
    }
}
