/// The spelling of names for machines.
enum SnakeCase {
    /// "MLP share" → `mlp_share`, `keptNeurons` → `kept_neurons`, "top-1" → `top_1`.
    static func of(_ name: String) -> String {
        var result = ""
        var previous: Character?
        for character in name {
            if character.isLetter || character.isNumber {
                if character.isUppercase, let previous, previous.isLowercase || previous.isNumber {
                    result.append("_")
                }
                if !result.isEmpty, !result.hasSuffix("_"), let previous, !previous.isLetter, !previous.isNumber {
                    result.append("_")
                }
                result += character.lowercased()
            }
            previous = character
        }
        return result
    }
}
