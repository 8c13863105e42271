extension JSON {
    /// Every member and element on a line of its own, one blank deeper than what holds it, as notebooks are kept.
    var indentedText: String {
        var text = ""
        write(to: &text, depth: 0)
        return text
    }

    private func write(to text: inout String, depth: Int) {
        let inner = "\n" + String(repeating: " ", count: depth + 1)
        let outer = "\n" + String(repeating: " ", count: depth)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "[" : ",") + inner
                element.write(to: &text, depth: depth + 1)
            }
            text += outer + "]"
        case .object(let members) where !members.isEmpty:
            for (index, (key, value)) in members.enumerated() {
                text += (index == 0 ? "{" : ",") + inner + JSON.string(key).text + ": "
                value.write(to: &text, depth: depth + 1)
            }
            text += outer + "}"
        default: text += self.text
        }
    }
}
