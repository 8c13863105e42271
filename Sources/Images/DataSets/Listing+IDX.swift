extension Listing {
    /// IDX files: `train` images beside `t10k` ones are split by the source; one set alone is split by the selection.
    /// Labels are found by name beside their images.
    static func idx(path: String) throws -> Listing {
        guard try FolderEntry.isFolder(path) else {
            return Listing(sides: .one(try items(images: path)))
        }
        let names = try FolderEntry.list(path).filter { !$0.isFolder }.map(\.name)
        let images = names.filter { IDXName($0)?.kind == .images }
        let calibration = images.first { IDXName($0)?.side == .calibration }
        let validation = images.first { IDXName($0)?.side == .validation }
        if let calibration, let validation {
            return Listing(
                sides: .two(
                    calibration: try items(images: path + "/" + calibration),
                    validation: try items(images: path + "/" + validation)))
        }
        guard let only = calibration ?? validation ?? images.first else {
            throw ImageError.noImages(path: path, ignored: names.count)
        }
        return Listing(sides: .one(try items(images: path + "/" + only)), ignored: images.count - 1)
    }

    private static func items(images path: String) throws -> [DataItem] {
        let images = try IDXImages(path: path)
        let labels = try IDXName.labelsPath(besides: path).map { labelsPath in
            let labels = try IDXFile(path: labelsPath, dimensions: 1).bytes
            guard labels.count == images.count else {
                throw ImageError.labelCount(path: labelsPath, images: images.count, labels: labels.count)
            }
            return labels
        }
        return (0..<images.count).map { index in
            DataItem(label: labels.map { Int($0[index]) }, content: .idx(images, index: index))
        }
    }
}

/// The parts of an IDX file's name, such as `train-images-idx3-ubyte.gz`.
struct IDXName {
    enum Kind { case images, labels }
    enum Side { case calibration, validation }

    let kind: Kind
    let side: Side?

    /// Nil when the name does not follow the pattern.
    init?(_ name: String) {
        let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
        if let marker = Self.marker(.images).first(where: stem.hasSuffix) {
            kind = .images
            side = Self.side(of: stem.dropLast(marker.count))
        } else if let marker = Self.marker(.labels).first(where: stem.hasSuffix) {
            kind = .labels
            side = Self.side(of: stem.dropLast(marker.count))
        } else {
            return nil
        }
    }

    private static func marker(_ kind: Kind) -> [String] {
        kind == .images ? ["images-idx3-ubyte", "images.idx3-ubyte"] : ["labels-idx1-ubyte", "labels.idx1-ubyte"]
    }

    private static func side(of prefix: Substring) -> Side? {
        if prefix.contains("train") { return .calibration }
        return ["t10k", "test", "val"].contains { prefix.contains($0) } ? .validation : nil
    }

    /// The file of labels that belongs to a file of images, compressed or not; nil when there is none.
    static func labelsPath(besides path: String) -> String? {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        var stem = String(path[slash...])
        if stem.hasSuffix(".gz") { stem.removeLast(3) }
        for (images, labels) in zip(marker(.images), marker(.labels)) where stem.hasSuffix(images) {
            let found = path[..<slash] + stem.dropLast(images.count) + labels
            let candidates = path.hasSuffix(".gz") ? [found + ".gz", found] : [found, found + ".gz"]
            return candidates.map(String.init).first { FolderEntry.facts($0) != nil }
        }
        return nil
    }
}
