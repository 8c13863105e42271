/// A machine value beside a text: what `--json` writes and a program may compare.
package enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([Value])

    package init(_ value: Int?) { self = value.map(Value.int) ?? .null }
    package init(_ value: Double?) { self = value.map(Value.double) ?? .null }
    package init(_ value: Float) { self = .double(Double(value)) }
    package init(_ value: String?) { self = value.map(Value.string) ?? .null }
    package init(_ value: Bool) { self = .bool(value) }
    package init(_ values: [Int]) { self = .list(values.map(Value.int)) }
    package init(_ values: [Double]) { self = .list(values.map(Value.double)) }
    package init(_ values: [String]) { self = .list(values.map(Value.string)) }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
}

/// Stored with its type, `{"int": 3}`, because JSON alone would return 3.0 as an integer and has no infinity.
extension Value: Codable {
    private enum Kind: String, CodingKey { case null, bool, int, double, string, list }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        switch container.allKeys.first {
        case .bool: self = .bool(try container.decode(Bool.self, forKey: .bool))
        case .int: self = .int(try container.decode(Int.self, forKey: .int))
        case .double: self = .double(try container.decode(StoredDouble.self, forKey: .double).value)
        case .string: self = .string(try container.decode(String.self, forKey: .string))
        case .list: self = .list(try container.decode([Value].self, forKey: .list))
        case .null, nil: self = .null
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Kind.self)
        switch self {
        case .null: try container.encode(true, forKey: .null)
        case .bool(let value): try container.encode(value, forKey: .bool)
        case .int(let value): try container.encode(value, forKey: .int)
        case .double(let value): try container.encode(StoredDouble(value), forKey: .double)
        case .string(let value): try container.encode(value, forKey: .string)
        case .list(let value): try container.encode(value, forKey: .list)
        }
    }
}

/// A double that any encoder can store: a number, or the words `nan`, `inf`, `-inf`.
struct StoredDouble: Codable, Sendable, Hashable {
    var value: Double

    init(_ value: Double) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            value = number
        } else {
            value = Double(try container.decode(String.self)) ?? .nan
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value.isFinite {
            try container.encode(value)
        } else {
            try container.encode(value.description)
        }
    }
}
