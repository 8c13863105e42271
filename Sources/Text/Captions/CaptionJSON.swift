import Checkpoints
import Foundation

/// Captions as JSON.
enum CaptionJSON {
    static func entries(_ json: JSON, path: String) throws -> [Captions.Entry] {
        if json["annotations"] != nil, json["images"] != nil { return try coco(json, path: path) }
        if let objects = json.array {
            return try objects.enumerated().flatMap { try entries(of: $1, key: "[\($0)]", path: path, line: nil) }
        }
        guard let captions = json.object else {
            throw TextError.value(path: path, line: nil, key: "", expected: .collection, found: json.described)
        }
        return try captions.sorted { $0.key < $1.key }.flatMap { image, texts in
            try Self.texts(texts, key: image, path: path, line: nil).map { Captions.Entry(image: image, text: $0) }
        }
    }

    static func entries(lines: [String], path: String) throws -> [Captions.Entry] {
        try lines.enumerated().flatMap { index, line -> [Captions.Entry] in
            guard !line.trimmed.isEmpty else { return [] }
            let json = try TextFile.json(Data(line.utf8), path: path, line: index + 1)
            return try entries(of: json, key: "", path: path, line: index + 1)
        }
    }

    /// The captions of an object that names an image and one or more captions.
    private static func entries(of json: JSON, key: String, path: String, line: Int?) throws -> [Captions.Entry] {
        guard let members = json.object else {
            throw TextError.value(path: path, line: line, key: key, expected: .object, found: json.described)
        }
        func member(_ column: CaptionColumn) -> (key: String, value: JSON) {
            let name = column.names.first { members[$0] != nil } ?? column.rawValue
            return (key.isEmpty ? name : key + "." + name, members[name] ?? .null)
        }
        let (image, captions) = (member(.image), member(.caption))
        guard let name = image.value.string, !name.isEmpty else {
            throw TextError.value(
                path: path, line: line, key: image.key, expected: .string, found: image.value.described)
        }
        return try texts(captions.value, key: captions.key, path: path, line: line).map {
            Captions.Entry(image: name, text: $0)
        }
    }

    /// One caption or several.
    private static func texts(_ json: JSON, key: String, path: String, line: Int?) throws -> [String] {
        try (json.array ?? [json]).map { value in
            guard let text = value.string, !text.trimmed.isEmpty else {
                throw TextError.value(
                    path: path, line: line, key: key, expected: json.array == nil ? .string : .strings,
                    found: value.described)
            }
            return String(text.trimmed)
        }
    }

    /// COCO: images with ids, annotations with captions and the id of their image.
    private static func coco(_ json: JSON, path: String) throws -> [Captions.Entry] {
        func identifier(_ json: JSON?, key: String) throws -> String {
            if let number = json?.int { return String(number) }
            guard let text = json?.string else {
                throw TextError.value(
                    path: path, line: nil, key: key, expected: .identifier, found: json?.described ?? "nothing")
            }
            return text
        }
        func list(_ key: String) throws -> [JSON] {
            guard let list = json[key]?.array else {
                throw TextError.value(
                    path: path, line: nil, key: key, expected: .array, found: json[key]?.described ?? "nothing")
            }
            return list
        }
        var names: [String: String] = [:]
        for (index, image) in try list("images").enumerated() {
            let key = "images[\(index)]"
            guard let name = image["file_name"]?.string, !name.isEmpty else {
                throw TextError.value(
                    path: path, line: nil, key: key + ".file_name", expected: .string,
                    found: image["file_name"]?.described ?? "nothing")
            }
            names[try identifier(image["id"], key: key + ".id")] = name
        }
        return try list("annotations").enumerated().map { index, annotation in
            let key = "annotations[\(index)]"
            let id = try identifier(annotation["image_id"], key: key + ".image_id")
            guard let image = names[id] else { throw TextError.unknownImage(path: path, key: key, id: id) }
            guard let text = annotation["caption"]?.string, !text.trimmed.isEmpty else {
                throw TextError.value(
                    path: path, line: nil, key: key + ".caption", expected: .string,
                    found: annotation["caption"]?.described ?? "nothing")
            }
            return Captions.Entry(image: image, text: String(text.trimmed))
        }
    }
}
