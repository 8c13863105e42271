/// Images in a fixed order, with their labels.
package struct DataPart: Sendable {
    package let role: DataRole
    package let items: [DataItem]
    /// Images taken out by `verified`, in the order they had.
    package let broken: [BrokenImage]

    init(role: DataRole, items: [DataItem], broken: [BrokenImage] = []) {
        self.role = role
        self.items = items
        self.broken = broken
    }

    package var count: Int { items.count }
    /// Paths relative to the source, or indices into its file.
    package var names: [String] { items.map(\.name) }

    /// One label an image; nil when the source has none.
    package var labels: [Int]? {
        let labels = items.compactMap(\.label)
        return labels.count == items.count ? labels : nil
    }

    /// The first `count` images in the same order.
    package func prefix(_ count: Int) -> DataPart {
        DataPart(role: role, items: Array(items.prefix(count)), broken: broken)
    }

    /// The images at some places, in that order.
    package func choosing(_ places: [Int]) -> DataPart {
        DataPart(role: role, items: places.map { items[$0] }, broken: broken)
    }
}

/// An image of a part.
package struct DataItem: Sendable {
    /// The class's index into `classNames`, or the number the source gives.
    package let label: Int?
    let content: Content

    enum Content: Sendable {
        /// A picture file; `name` is its path relative to the source.
        case file(path: String, name: String)
        /// An image of an IDX file.
        case idx(IDXImages, index: Int)
        /// An image that is prepared already.
        case prepared(PreparedImages, index: Int)
        /// A text that is cut into tokens already.
        case text(PreparedTexts, index: Int)
    }

    package var name: String {
        switch content {
        case .file(_, let name): name
        case .idx(_, let index), .prepared(_, let index), .text(_, let index): "\(index)"
        }
    }
}

/// An image that could not be read, and why.
package struct BrokenImage: Hashable, Sendable {
    package let name: String
    package let error: ImageError

    package init(name: String, error: ImageError) {
        self.name = name
        self.error = error
    }
}
