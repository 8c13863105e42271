import Checkpoints

/// Texts somebody else has cut into tokens: whole numbers (N, length) in a safetensors file.
package final class PreparedTexts: Sendable {
    let path: String
    let tensor: String
    package let length: Int
    /// (N, length)
    let ids: [Int32]
    /// (N, length)
    let segments: [Int32]?
    /// Whether a token is part of the text rather than padding (N, length).
    let mask: [Bool]?

    /// Some texts, side by side.
    package struct Rows: Sendable {
        package let length: Int
        package let ids: [Int32]
        package let segments: [Int32]?
        package let mask: [Bool]?
    }

    /// - Parameter tensor: the ids' name. Where it contains `input_ids`, masks and segments lie beside it under
    ///   `attention_mask` and `token_type_ids`, as Hugging Face's tokenizers call them.
    /// - Throws: `ImageError.wrongTensorShape`, `.tokenOutOfRange`, or what the file's reader throws.
    init(file: SafetensorsFile, tensor: String) throws {
        func values(_ name: String, shape: [Int]) throws -> [Int32] {
            try file.integers(name).enumerated().map { index, value in
                guard let id = Int32(exactly: value), id >= 0 else {
                    throw ImageError.tokenOutOfRange(
                        path: file.path, tensor: name, text: index / shape[1], token: value)
                }
                return id
            }
        }
        func beside(_ other: String, shape: [Int]) throws -> [Int32]? {
            let name = tensor.replacing("input_ids", with: other)
            guard name != tensor, let info = file.tensors[name] else { return nil }
            guard info.shape == shape else {
                throw ImageError.wrongTensorShape(path: file.path, tensor: name, expected: shape, found: info.shape)
            }
            return try values(name, shape: shape)
        }
        let shape = file.tensors[tensor]?.shape ?? []
        guard shape.count == 2, shape.allSatisfy({ $0 > 0 }) else {
            throw ImageError.wrongTensorShape(path: file.path, tensor: tensor, expected: [-1, -1], found: shape)
        }
        path = file.path
        self.tensor = tensor
        length = shape[1]
        ids = try values(tensor, shape: shape)
        segments = try beside("token_type_ids", shape: shape)
        mask = try beside("attention_mask", shape: shape)?.map { $0 != 0 }
    }

    var count: Int { ids.count / length }

    /// The values of one text: ids, segments, mask.
    func row(_ index: Int) -> Rows {
        let range = (index * length)..<((index + 1) * length)
        return Rows(
            length: length, ids: Array(ids[range]), segments: segments.map { Array($0[range]) },
            mask: mask.map { Array($0[range]) })
    }
}

extension DataPart {
    /// The length of texts that came as tokens; nil for images.
    package var textLength: Int? {
        guard case .text(let texts, _)? = items.first?.content else { return nil }
        return texts.length
    }

    /// Whether nothing is left to prepare: tokens, or images as tensors.
    package var isPrepared: Bool { preparedShape != nil || textLength != nil }

    /// Texts as they are; empty for images.
    package func readTexts(_ range: Range<Int>) -> PreparedTexts.Rows {
        let rows = items[range].compactMap { item -> PreparedTexts.Rows? in
            guard case .text(let texts, let index) = item.content else { return nil }
            return texts.row(index)
        }
        func joined<Element>(_ part: (PreparedTexts.Rows) -> [Element]?) -> [Element]? {
            let parts = rows.compactMap(part)
            return parts.count == rows.count && !rows.isEmpty ? parts.flatMap { $0 } : nil
        }
        return PreparedTexts.Rows(
            length: rows.first?.length ?? 0, ids: rows.flatMap(\.ids), segments: joined(\.segments),
            mask: joined(\.mask))
    }
}

extension Listing {
    /// The texts of one tensor of token ids, with the whole numbers of the tensor `labels` where they fit.
    static func texts(file: SafetensorsFile, tensor: String) throws -> Listing {
        let texts = try PreparedTexts(file: file, tensor: tensor)
        let labels = file.tensors["labels"]?.shape == [texts.count] ? try file.integers("labels") : nil
        if let labels, let index = labels.firstIndex(where: { $0 < 0 }) {
            throw ImageError.negativeLabel(path: file.path, index: index, label: labels[index])
        }
        let items = (0..<texts.count).map { DataItem(label: labels?[$0], content: .text(texts, index: $0)) }
        return Listing(sides: .one(items), keepsOrder: true)
    }
}
