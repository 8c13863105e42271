import Foundation

/// The keys of a JSON object as they are written: `JSONDecoder` keeps only one of two equal ones.
enum JSONKeys {
    /// A key that stands twice in the outermost object, or nil where all differ.
    ///
    /// - Parameters:
    ///   - json: a valid JSON object.
    ///   - distinct: how many keys are left of it once equal ones are one.
    static func duplicate(in json: Data, distinct: Int) -> String? {
        let keys = json.withUnsafeBytes(spans)
        guard keys.count > distinct else { return nil }
        var seen = Set<String>()
        for key in keys {
            let written = json.dropFirst(key.lowerBound).prefix(key.count)
            // Decoded, because equal names may be written with different escapes.
            let name = try? JSONDecoder().decode(String.self, from: Data(written))
            if let name, !seen.insert(name).inserted { return name }
        }
        return nil
    }

    /// Where the keys of the outermost object stand, with their quotes.
    private static func spans(_ bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var depth = 0
        var isKey = false
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isKey = depth == 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ","): isKey = depth == 1
            case UInt8(ascii: "\""):
                let start = place
                place += 1
                while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                    place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                if isKey, place < bytes.count { spans.append(start..<(place + 1)) }
                isKey = false
            default: break
            }
            place += 1
        }
        return spans
    }
}
