import Tensor

/// The images of a part as a model learns from them: changed at random, otherwise in each epoch.
///
/// What an image looks like depends on the seed, the epoch and its position in the part alone.
package final class AugmentedImages: Sendable {
    package let part: DataPart
    package let preprocessing: Preprocessing
    package let augmentation: Augmentation
    package let seed: UInt64
    private let values: PixelValues
    private let kept: KeptPictures

    /// - Parameter pictureMemory: up to so many bytes of decoded pictures of files are kept from one epoch to the next
    /// - Throws: `AugmentationError`.
    package init(
        _ part: DataPart, preprocessing: Preprocessing, augmentation: Augmentation, seed: UInt64, pictureMemory: Int = 0
    ) throws(AugmentationError) {
        try augmentation.check()
        if case .prepared(let images, _)? = part.items.first?.content {
            let step: AugmentationStep? =
                augmentation.crop != nil ? .crop : augmentation.colours.isOff ? nil : .colours
            if let step { throw .needsPictures(step, path: images.path, tensor: images.tensor) }
        }
        self.part = part
        self.preprocessing = preprocessing
        self.augmentation = augmentation
        self.seed = seed
        values = PixelValues(preprocessing)
        kept = KeptPictures(limit: pictureMemory)
    }

    /// Bytes of the pictures that are kept by now.
    package var keptBytes: Int { kept.bytes }

    /// The images at some positions of the part, spread over the cores: (indices.count, C, H, W).
    /// - Throws: `ImageError` of an image that can't be read.
    package func load(indices: [Int], epoch: Int) throws -> FloatBuffer {
        if let index = indices.first(where: { !part.items.indices.contains($0) }) {
            throw ImageError.rangeOutOfPart(lower: index, upper: index &+ 1, count: part.count)
        }
        let batch = FloatBuffer([indices.count] + preprocessing.shape)
        try Parallel.forEach(indices.count) { row in
            try load(indices[row], epoch: epoch, into: batch.row(row))
        }
        return batch
    }

    /// What chance decides for an image whose file holds a picture of that size.
    package func draw(_ index: Int, epoch: Int, picture: PixelSize) -> AugmentationDraw {
        augmentation.draw(picture: picture, output: preprocessing.size, seed: seed, epoch: epoch, image: index)
    }

    private func load(_ index: Int, epoch: Int, into target: UnsafeMutablePointer<Float>) throws {
        let item = part.items[index]
        let draw: AugmentationDraw
        if let base = try base(of: item, index) {
            draw = self.draw(index, epoch: epoch, picture: base.picture.size)
            let picture = try changed(base.picture, draw, path: base.path)
            values.write(picture, isMirrored: draw.isMirrored, into: target)
        } else {
            draw = self.draw(index, epoch: epoch, picture: preprocessing.size)
            try item.read(preprocessing, values, into: target)
            if draw.isMirrored { mirror(target) }
        }
        if let erasure = draw.erasure { erase(erasure, in: target) }
    }

    /// What is the same in every epoch: the whole picture where crops are resized, otherwise the picture as the model
    /// takes it. nil for images that came prepared.
    private func base(of item: DataItem, _ index: Int) throws -> (picture: PixelBuffer, path: String)? {
        switch item.content {
        case .file(let path, _):
            let picture = try kept.picture(index) {
                try base(of: try ImageDecoder.decode(path: path, channels: preprocessing.channels), path: path)
            }
            return (picture, path)
        case .idx(let images, let index):
            return (try base(of: images.picture(index), path: images.path), images.path)
        case .prepared, .text: return nil
        }
    }

    private func base(of picture: PixelBuffer, path: String) throws -> PixelBuffer {
        if case .resized? = augmentation.crop { return picture }
        return try preprocessing.prepare(picture, path: path)
    }

    /// Cropped, in other colours: 8-bit pixels of the model's size.
    private func changed(_ picture: PixelBuffer, _ draw: AugmentationDraw, path: String) throws -> PixelBuffer {
        var picture = picture
        switch draw.crop {
        case nil: break
        case .part(let window): picture = try preprocessing.prepare(picture, part: window, path: path)
        case .shift(let left, let top):
            picture = picture.onBlack(size: preprocessing.size, left: left, top: top)
        }
        return draw.colours.reduce(picture) { $0.adjusted($1) }
    }

    /// Exchanges left and right in a normalised image.
    private func mirror(_ image: UnsafeMutablePointer<Float>) {
        let width = preprocessing.size.width
        for row in 0..<(preprocessing.count / width) {
            var line = UnsafeMutableBufferPointer(start: image + row * width, count: width)
            line.reverse()
        }
    }

    /// Overwrites a rectangle of all channels of a normalised image.
    private func erase(_ erasure: AugmentationDraw.Erasure, in image: UnsafeMutablePointer<Float>) {
        let (size, window) = (preprocessing.size, erasure.window)
        var noise = SplitMix64(seed: erasure.noiseSeed)
        for channel in 0..<preprocessing.channels.rawValue {
            for row in window.y {
                let start = image + (channel * size.height + row) * size.width + window.x.lowerBound
                switch augmentation.erasing.fill {
                case .mean: start.update(repeating: 0, count: window.x.count)
                case .noise: noise.fill(start, count: window.x.count)
                }
            }
        }
    }
}

extension SplitMix64 {
    /// Fills with normally distributed values.
    fileprivate mutating func fill(_ target: UnsafeMutablePointer<Float>, count: Int) {
        for place in stride(from: 0, to: count, by: 2) {
            let (first, second) = normals()
            target[place] = Float(first)
            if place + 1 < count { target[place + 1] = Float(second) }
        }
    }
}
