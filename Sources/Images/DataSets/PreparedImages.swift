import Checkpoints
import Tensor

/// Images somebody else has prepared: (N, C, H, W) floats in a safetensors file.
package final class PreparedImages: Sendable {
    let path: String
    let tensor: String
    /// (N, C, H, W)
    let values: FloatView

    init(path: String, tensor: String, values: FloatView) {
        self.path = path
        self.tensor = tensor
        self.values = values
    }

    /// (C, H, W)
    var shape: [Int] { Array(values.shape.dropFirst()) }

    /// Copies one image.
    /// - Throws: `ImageError.notFinite`, `.wrongTensorShape`.
    func copy(_ index: Int, shape wanted: [Int], into target: UnsafeMutablePointer<Float>) throws {
        guard shape == wanted else {
            throw ImageError.wrongTensorShape(
                path: path, tensor: tensor, expected: [values.shape[0]] + wanted, found: values.shape)
        }
        let image = values.rows(index..<(index + 1))
        guard image.firstNonFinite == nil else {
            throw ImageError.notFinite(path: path, tensor: tensor, image: index)
        }
        target.update(from: image.base, count: image.count)
    }
}

extension Listing {
    /// The images of one tensor, with the whole numbers of the tensor `labels` where there is one.
    static func prepared(path: String, tensor name: String?) throws -> Listing {
        let file = try SafetensorsFile(path: path)
        let candidates = file.names.filter { name in
            file.tensors[name].map { $0.shape.count == 4 && $0.count > 0 } ?? false
        }
        let chosen = name ?? (candidates.isEmpty && file.tensors["input_ids"] != nil ? "input_ids" : nil)
        if let chosen, let info = file.tensors[chosen], info.shape.count == 2, info.type.isWhole {
            return try texts(file: file, tensor: chosen)
        }
        guard let name = name ?? (candidates.count == 1 ? candidates[0] : nil), let info = file.tensors[name] else {
            throw ImageError.noImageTensor(path: path, name: name, candidates: candidates)
        }
        guard info.shape.count == 4, info.count > 0 else {
            throw ImageError.wrongTensorShape(
                path: path, tensor: name, expected: [-1, -1, -1, -1], found: info.shape)
        }
        let images = PreparedImages(path: path, tensor: name, values: try file.view(name))
        // A file may hold several sets of images; labels of another number then belong to another one.
        let stored = file.tensors["labels"]
        if let stored, stored.shape != [info.shape[0]], candidates.count == 1 {
            throw ImageError.labelCount(path: path, images: info.shape[0], labels: stored.count)
        }
        let labels = stored?.shape == [info.shape[0]] ? try file.integers("labels") : nil
        if let labels {
            if let index = labels.firstIndex(where: { $0 < 0 }) {
                throw ImageError.negativeLabel(path: path, index: index, label: labels[index])
            }
        }
        let items = (0..<info.shape[0]).map { index in
            DataItem(label: labels?[index], content: .prepared(images, index: index))
        }
        return Listing(sides: .one(items), keepsOrder: true)
    }
}
