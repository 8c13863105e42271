/// The library's own model class that a checkpoint comes from. Each has one dialect: see `Dialect`.
package struct Family: Sendable, Codable, Hashable {
    /// How it is called in files and in JSON, such as `timm_vit`.
    package let name: String
    /// How it is called in sentences, such as "timm vision transformer".
    package let title: String
    /// What its images are normalised by where no file says it.
    package let pixels: PixelStatistics

    package init(name: String, title: String, pixels: PixelStatistics = .imageNet) {
        self.name = name
        self.title = title
        self.pixels = pixels
    }
}

/// A mean and a deviation of pixel values, by the name of the set they were taken from.
package enum PixelStatistics: String, Sendable, Codable, Hashable {
    case imageNet, clip
    /// One half each.
    case half
}
