import Checkpoints

/// Where a figure stands in an answer, to be told in words: "layer 9 (blocks.8), try 3, entropy".
package struct FigurePlace: Sendable, Hashable {
    private var words: [String] = []

    /// "layer 9 (blocks.8), try 3, entropy"; nothing for the whole answer.
    package var text: String { words.joined(separator: ", ") }

    /// One of the outputs of an answer.
    static func output(_ index: Int, of outputs: [JSON]) -> FigurePlace {
        guard outputs.count > 1 else { return FigurePlace() }
        let kind = outputs.indices.contains(index) ? outputs[index]["kind"]?.string ?? "output" : "output"
        let same = outputs.indices.filter { outputs[$0]["kind"]?.string == kind }
        // A trace has layers and a table rows, which say enough where there is but one.
        if same.count == 1 { return FigurePlace(words: kind == "line" ? [] : [kind]) }
        return FigurePlace(words: ["\(kind) \((same.firstIndex(of: index) ?? index) + 1)"])
    }

    /// A member of an object.
    func member(_ key: String) -> FigurePlace {
        // What only groups others adds nothing.
        if ["data", "layers", "rows", "bars", "panels", "series", "tries", "columns"].contains(key) { return self }
        // Of what was measured: the weights and the neurons that are kept of them.
        return FigurePlace(words: words + [key == "of" ? "the model's identity" : key.replacing("_", with: " ")])
    }

    /// An element of an array that is the member `key` of an object.
    func element(_ index: Int, of key: String, _ element: JSON) -> FigurePlace {
        let name =
            element["label"]?.string ?? element["name"]?.string ?? Self.firstText(key == "rows" ? element : .null)
        switch key {
        case "layers": return FigurePlace(words: words + [name ?? "layer \(index + 1)"])
        case "values", "points", "per_batch":
            return FigurePlace(words: words.dropLast() + ["\(Self.one(key)) \(index + 1)"])
        default:
            let own = "\(Self.one(key)) \(index + 1)"
            let kept = words.last == key.replacing("_", with: " ") ? Array(words.dropLast()) : words
            return FigurePlace(words: kept + [name.map { "\(own) (\($0))" } ?? own])
        }
    }

    /// "tries" → "try", "per_batch" → "per batch".
    private static func one(_ key: String) -> String {
        let words = key.replacing("_", with: " ")
        if words == "series" { return words }
        if words.hasSuffix("ies") { return words.dropLast(3) + "y" }
        return words.hasSuffix("s") && words.count > 1 ? String(words.dropLast()) : words
    }

    /// What a row of a table is called: its first words, in the order of their keys.
    private static func firstText(_ row: JSON) -> String? {
        guard let members = row.object else { return nil }
        for key in ["model", "layer", "data", "cell", "direction", "criterion"] {
            if let text = members[key]?.string { return text }
            if let number = members[key]?.int { return "\(key) \(number)" }
        }
        return members.sorted { $0.key < $1.key }.lazy.compactMap(\.value.string).first
    }
}
