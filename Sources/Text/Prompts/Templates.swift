/// Sentences with `{}` where the name of a class goes.
package struct Templates: Sendable, Hashable {
    package let texts: [String]
    package var count: Int { texts.count }

    /// Templates that need no file.
    package enum BuiltIn: String, Sendable, Hashable, CaseIterable {
        /// "a photo of a {}."
        case photo
        /// OpenAI's short list for ImageNet.
        case imagenet7
    }

    package init(_ choice: BuiltIn = .photo) {
        texts =
            switch choice {
            case .photo: ["a photo of a {}."]
            case .imagenet7:
                [
                    "itap of a {}.", "a bad photo of the {}.", "a origami {}.", "a photo of the large {}.",
                    "a {} in a video game.", "art of the {}.", "a photo of the small {}.",
                ]
            }
    }

    /// Reads a text file with one template in each line; blank lines count for nothing.
    /// - Throws: `TextError`; `.noPlaceholder` for a line without `{}`.
    package init(path: String) throws {
        let lines = try TextFile(path: path, limit: TextFile.captionsLimit).lines()
        texts = try lines.enumerated().compactMap { index, line in
            let template = line.trimmed
            guard !template.isEmpty else { return nil }
            guard template.contains("{}") else {
                throw TextError.noPlaceholder(path: path, line: index + 1, template: String(template))
            }
            return String(template)
        }
        guard !texts.isEmpty else { throw TextError.nothing(path: path) }
    }

    /// What the templates say of one class.
    package func texts(for name: String) -> [String] {
        texts.map { $0.split(separator: "{}", omittingEmptySubsequences: false).joined(separator: name) }
    }
}
