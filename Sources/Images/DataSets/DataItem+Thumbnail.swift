extension DataItem {
    /// What a model sees of the picture, small: resized and cropped as for the model, then brought to at most `side` pixels.
    ///
    /// nil for images that came prepared, which are no pictures any more, and for texts.
    package func thumbnail(_ preprocessing: Preprocessing, side: Int) throws -> PixelBuffer? {
        let seen: PixelBuffer
        switch content {
        case .file(let path, _):
            let picture = try ImageDecoder.decode(path: path, channels: preprocessing.channels)
            seen = try preprocessing.prepare(picture, path: path)
        case .idx(let images, let index):
            seen = try preprocessing.prepare(images.picture(index), path: images.path)
        case .prepared, .text: return nil
        }
        let longest = max(seen.width, seen.height)
        guard longest > side, side > 0 else { return seen }
        return seen.resized(
            width: max(1, seen.width * side / longest), height: max(1, seen.height * side / longest),
            resampling: .bilinear)
    }
}
