/// What can be wrong with a picture, a data set or a preprocessing configuration.
///
/// Every case carries the facts a sentence about it needs; the sentences live where the words are.
package enum ImageError: Error, Hashable, Sendable {
    // Files and folders.

    /// Nothing is at the path.
    case missing(path: String)
    /// The system refuses to read the file or folder; `code` is its errno.
    case unreadable(path: String, code: Int32)
    /// The path is neither a file nor a folder that can be read as images (a device, a socket).
    case notAFile(path: String)
    /// The file holds more bytes than an image or data file is read with.
    case fileTooLarge(path: String, bytes: Int, limit: Int)

    // One picture.

    /// The first bytes are neither those of a JPEG nor of a PNG; `leading` holds up to eight of them.
    case notAnImage(path: String, leading: [UInt8])
    /// The picture's data ends before its last row.
    case truncatedImage(path: String, format: ImageFormat)
    /// The decoder gives up; `detail` is the decoding library's own message.
    case damagedImage(path: String, format: ImageFormat, detail: String)
    /// The picture (as stored, or after resizing) has more pixels than `limit`.
    case tooManyPixels(path: String, width: Int, height: Int, limit: Int)
    /// The prepared picture has not the size the model takes (sizes are height × width).
    case wrongSize(path: String, expected: PixelSize, found: PixelSize)

    // Preprocessing configurations.

    /// The configuration is no JSON object.
    case configurationNotAnObject
    /// A key of the configuration holds a value of the wrong kind or range; `expected` says which is taken.
    case configurationValue(key: String, expected: ConfigurationExpectation, found: String)

    // Data sets.

    /// The file is neither IDX nor safetensors by its first bytes.
    case notADataSet(path: String, leading: [UInt8])
    /// No image was found in the folder (`ignored` files had other extensions).
    case noImages(path: String, ignored: Int)
    /// All `count` images are broken; `first` is the error of the first one.
    indirect case allBroken(count: Int, first: ImageError)
    /// The IDX file does not begin with the magic number of `expected` dimensions of unsigned bytes.
    case notIDX(path: String, expectedDimensions: Int, leading: [UInt8])
    /// The IDX header promises `expected` bytes in all, the file holds `found` (at least, when more).
    case wrongIDXSize(path: String, expected: Int, found: Int)
    /// The dimensions of the IDX header are zero or their product is absurd.
    case wrongIDXDimensions(path: String, dimensions: [Int])
    /// The gzip stream is damaged (`truncated`: it merely ends early).
    case damagedGzip(path: String, truncated: Bool)
    /// There are as many labels as `labels`, but `images` images.
    case labelCount(path: String, images: Int, labels: Int)
    /// The source has no tensor of that name that can hold images; `candidates` are those that could.
    case noImageTensor(path: String, name: String?, candidates: [String])
    /// The tensor's shape is not what is needed; -1 in `expected` stands for any size.
    case wrongTensorShape(path: String, tensor: String, expected: [Int], found: [Int])
    /// A value of the tensor is NaN or infinite, in the image with that index.
    case notFinite(path: String, tensor: String, image: Int)
    /// A label is negative.
    /// A token id that is negative or doesn't fit 32 bits: text from 0.
    case tokenOutOfRange(path: String, tensor: String, text: Int, token: Int)
    case negativeLabel(path: String, index: Int, label: Int)
    /// The share of images for calibration must lie within 1...99 percent.
    case splitOutOfRange(percent: Int)
    /// The limit must be at least 1.
    case limitOutOfRange(limit: Int)
    /// A batch was asked for that the part does not hold.
    case rangeOutOfPart(lower: Int, upper: Int, count: Int)
}

/// What a configuration key takes.
package enum ConfigurationExpectation: Hashable, Sendable {
    case boolean, positiveInteger, positiveNumber, finiteNumber, string
    /// One number, or a list of `count` numbers.
    case numbers(count: Int)
    /// `{height, width}`, `{shortest_edge}` or a positive integer.
    case size
    /// A list [channels, height, width] of positive integers.
    case inputSize
    /// One of these names or numbers.
    case oneOf([String])
}

/// A height and a width in pixels.
package struct PixelSize: Hashable, Codable, Sendable {
    package var height: Int
    package var width: Int

    package init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }
}
