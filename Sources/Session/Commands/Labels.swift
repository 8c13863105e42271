import Images
import Models

/// The labels of a part in the order of a model's classes.
enum Labels {
    /// Class folders are matched by name where the model knows its classes' names and they are the same; otherwise the
    /// labels' own numbers count.
    static func of(_ part: DataPart, data: OpenData, model: OpenModel) throws -> [Int] {
        guard let labels = part.labels else { throw SessionError.noLabels(data: data.name, what: "labels") }
        guard let head = model.model.architecture.head else {
            throw SessionError.noHead(model: model.name, what: "a classifier")
        }
        guard let names = data.entry.classNames, !names.isEmpty else {
            return try checked(labels, head.classes, data, model)
        }
        if let known = head.labels {
            let places = names.map { name in known.firstIndex { normalised($0) == normalised(name) } }
            if places.allSatisfy({ $0 != nil }) { return labels.map { places[$0] ?? 0 } }
            // Folders named 0, 1, 2, … are the numbers of the classes.
            let numbers = names.map { Int($0) }
            if numbers.allSatisfy({ $0 != nil }) {
                return try checked(labels.map { numbers[$0] ?? 0 }, head.classes, data, model)
            }
        }
        guard names.count == head.classes else {
            throw SessionError.labelsDoNotMatch(
                data: data.name, classes: names, model: model.name, labels: head.classes)
        }
        return labels
    }

    private static func checked(_ labels: [Int], _ classes: Int, _ data: OpenData, _ model: OpenModel) throws -> [Int] {
        guard labels.allSatisfy({ (0..<classes).contains($0) }) else {
            throw SessionError.labelsDoNotMatch(
                data: data.name, classes: Set(labels).sorted().map(String.init), model: model.name, labels: classes)
        }
        return labels
    }

    /// Letters and digits alone, in lower case: how class names are compared.
    static func normalised(_ name: String) -> String {
        String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
