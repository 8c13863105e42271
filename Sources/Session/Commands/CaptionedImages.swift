import Images
import Language
import Text

/// The images of a part that a file of captions is about, and these captions.
struct CaptionedImages {
    /// In the order of the part.
    let part: DataPart
    let texts: [String]
    /// The place in `part` of the image that each caption is about.
    let owners: [Int]
    /// Images of the part that have no caption.
    let uncaptioned: Int
    /// Captions about images of the data set that are not in the part.
    let elsewhere: Int
    /// Images that the data set does not have, as the captions name them, and the number of captions about them.
    let unknown: (images: [String], captions: Int)

    static let option = OptionSpec(
        "captions", .path("a file of captions"), "which captions belong to which images")

    /// An image is meant by its path, or by an end of it: `photos/7.png`, `7.png`; or by a longer path that ends with it.
    /// - Parameter path: of the file, for messages
    /// - Throws: `TextTaskError.ambiguousCaption`, `.noCaptionedImage`.
    init(_ captions: Captions, path: String, part: DataPart, of data: OpenData) throws {
        let index = NameIndex(data.parts.flatMap(\.names))
        let places = Dictionary(part.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var unknown: [String] = []
        // The place in the part of each image that the captions name; nil where it is not there.
        let meant = try captions.images.map { image -> Int? in
            let found = index.names(meantBy: image)
            guard found.count <= 1 else {
                throw TextTaskError.ambiguousCaption(path: path, image: image, data: data.name, candidates: found)
            }
            if found.isEmpty { unknown.append(image) }
            return found.first.flatMap { places[$0] }
        }
        let chosen = Set(meant.compactMap { $0 }).sorted()
        guard !chosen.isEmpty else {
            throw TextTaskError.noCaptionedImage(
                path: path, data: data.name, named: captions.images.first ?? "", example: part.names.first ?? "",
                areElsewhere: unknown.count < captions.images.count)
        }
        let rows = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
        let pairs = zip(captions.texts, captions.owners).compactMap { text, owner in
            meant[owner].flatMap { rows[$0] }.map { (text, $0) }
        }
        self.part = part.choosing(chosen)
        texts = pairs.map(\.0)
        owners = pairs.map(\.1)
        uncaptioned = part.count - chosen.count
        let strange = Set(unknown)
        let strangers = captions.owners.count { strange.contains(captions.images[$0]) }
        elsewhere = captions.owners.count - pairs.count - strangers
        self.unknown = (unknown, strangers)
    }
}

/// Names of images, to be found by their ends.
private struct NameIndex {
    /// The names that end with a file's name.
    private let byFile: [Substring: [String]]

    init(_ names: [String]) { byFile = Dictionary(grouping: names) { Self.parts($0).last ?? "" } }

    /// The name itself where there is one; otherwise those that end with it or that it ends with.
    func names(meantBy text: String) -> [String] {
        let parts = Self.parts(text)
        let candidates = byFile[parts.last ?? ""] ?? []
        if candidates.contains(text) { return [text] }
        return candidates.filter { candidate in
            let own = Self.parts(candidate)
            let shared = min(own.count, parts.count)
            return own.suffix(shared).elementsEqual(parts.suffix(shared))
        }
    }

    private static func parts(_ name: String) -> [Substring] { name.split(separator: "/") }
}
