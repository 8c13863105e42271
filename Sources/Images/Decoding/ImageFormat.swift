/// A picture format, told by the first bytes of a file, never by its name.
package enum ImageFormat: String, Hashable, Codable, Sendable {
    case jpeg = "JPEG"
    case png = "PNG"

    /// The format whose signature the bytes begin with; nil when it is none of them.
    package init?(leading bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else {
            return nil
        }
    }

    /// The file extensions (lower case) of pictures in a folder.
    package static let extensions: Set<String> = ["jpg", "jpeg", "png"]
}
