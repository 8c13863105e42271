import Checkpoints
import Foundation

/// Captions of images, as a file beside the image folder lists them.
package struct Captions: Sendable, Hashable {
    /// Paths of images as the file gives them, mostly relative to the folder; each once, in the file's order.
    package let images: [String]
    package let texts: [String]
    /// Which of `images` each text is about.
    package let owners: [Int]

    /// One caption with its image.
    struct Entry {
        let image: String
        let text: String
    }

    /// Reads a captions file. Its format is told by its name and content:
    /// - `.json`: COCO's `images` and `annotations`, an array of objects, or an object of captions by image;
    /// - `.jsonl`, `.ndjson`: an object in each line;
    /// - any other: Flickr8k's lines `name.jpg#0⇥caption`, or a table with a line of column names, separated by
    ///   tabs, `|` or commas.
    /// - Throws: `TextError`.
    package static func load(path: String) throws -> Captions {
        let file = try TextFile(path: path, limit: TextFile.captionsLimit)
        let entries: [Entry] =
            switch (path as NSString).pathExtension.lowercased() {
            case "json": try CaptionJSON.entries(file.json(), path: path)
            case "jsonl", "ndjson": try CaptionJSON.entries(lines: file.lines(), path: path)
            default: try CaptionTable.entries(file)
            }
        guard !entries.isEmpty else { throw TextError.nothing(path: path) }
        return Captions(entries)
    }

    private init(_ entries: [Entry]) {
        var places: [String: Int] = [:]
        var images: [String] = []
        owners = entries.map { entry in
            let image = entry.image.hasPrefix("./") ? String(entry.image.dropFirst(2)) : entry.image
            if let place = places[image] { return place }
            places[image] = images.count
            images.append(image)
            return images.count - 1
        }
        self.images = images
        texts = entries.map(\.text)
    }
}

extension CaptionColumn {
    /// What columns and keys of this kind are called, in lower case.
    package var names: [String] {
        switch self {
        case .image:
            ["image", "image_name", "file_name", "filename", "filepath", "image_path", "file", "path", "img"]
        case .caption: ["caption", "captions", "text", "title", "comment", "sentence", "description"]
        }
    }
}
