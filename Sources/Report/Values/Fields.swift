/// Named machine values in the order they were written: `["layer": 12, "entropy_before": .double(before)]`.
///
/// Keys are snake_case.
package struct Fields: Sendable, Hashable, Codable {
    package struct Field: Sendable, Hashable, Codable {
        package var key: String
        package var value: Value

        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    package private(set) var list: [Field] = []

    package init() {}

    package var isEmpty: Bool { list.isEmpty }

    /// The value of a key; setting a new key appends it, setting `nil` removes it.
    package subscript(key: String) -> Value? {
        get { list.first { $0.key == key }?.value }
        set {
            let place = list.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): list[place].value = value
            case (let place?, nil): list.remove(at: place)
            case (nil, let value?): list.append(Field(key, value))
            case (nil, nil): break
            }
        }
    }

    package init(from decoder: any Decoder) throws {
        for field in try [Field](from: decoder) { self[field.key] = field.value }
    }

    package func encode(to encoder: any Encoder) throws { try list.encode(to: encoder) }
}

/// A key written twice keeps its first place and its last value.
extension Fields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        for (key, value) in elements { self[key] = value }
    }
}
