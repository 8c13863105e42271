/// The sizes of a plain vision transformer that is still to learn everything: timm's `VisionTransformer`.
package struct FreshViT: Sendable, Hashable {
    /// Of images, in pixels.
    package let image: Extent
    /// The side of a patch, in pixels.
    package let patch: Int
    package let channels: Int
    package let width: Int
    package let depth: Int
    package let heads: Int
    /// The hidden width of each MLP.
    package let hidden: Int
    /// None: the model ends with its features.
    package let classes: Int
    /// What each branch's scales begin with; nil: there are none.
    package let layerScale: Float?
    package let registers: Int

    /// - Parameter hidden: four times the width unless given
    /// - Throws: `CreationError` for sizes that can't be, or that are beyond all use.
    package init(
        image: Extent, patch: Int, channels: Int, width: Int, depth: Int, heads: Int, hidden: Int? = nil,
        classes: Int, layerScale: Float? = nil, registers: Int = 0
    ) throws(CreationError) {
        // Within these ranges no product of sizes overflows.
        try Self.check(image.height, .imageHeight)
        try Self.check(image.width, .imageWidth)
        try Self.check(patch, .patch)
        try Self.check(width, .width)
        try Self.check(depth, .depth)
        try Self.check(heads, .heads)
        let hidden = hidden ?? 4 * width
        try Self.check(hidden, .hidden)
        try Self.check(classes, .classes)
        try Self.check(registers, .registers)
        guard channels == 1 || channels == 3 else { throw .channels(found: channels) }
        guard image.height % patch == 0, image.width % patch == 0 else {
            throw .patchDoesNotDivide(patch: patch, image: image)
        }
        guard width % heads == 0 else { throw .headsDoNotDivide(heads: heads, width: width) }
        if let layerScale, !layerScale.isFinite { throw .layerScale(found: layerScale) }
        self.image = image
        self.patch = patch
        self.channels = channels
        self.width = width
        self.depth = depth
        self.heads = heads
        self.hidden = hidden
        self.classes = classes
        self.layerScale = layerScale
        self.registers = registers
        guard parameters <= Self.parameterLimit else {
            throw .tooManyParameters(found: parameters, limit: Self.parameterLimit)
        }
    }

    /// 16 GiB of float32.
    package static let parameterLimit = 1 << 32

    package var parameters: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    private static func check(_ size: Int, _ kind: CreationSize) throws(CreationError) {
        guard kind.allowed.contains(size) else { throw .outOfRange(kind, found: size) }
    }
}

/// Why a model can't be created.
package enum CreationError: Error, Hashable, Sendable {
    case outOfRange(CreationSize, found: Int)
    /// Pictures are grey (1) or have three colours (3).
    case channels(found: Int)
    case patchDoesNotDivide(patch: Int, image: Extent)
    case headsDoNotDivide(heads: Int, width: Int)
    /// Scales that are no number.
    case layerScale(found: Float)
    case tooManyParameters(found: Int, limit: Int)
    /// There must be a mean and a deviation for each channel, finite, and deviations above 0.
    case statistics(mean: [Double], deviation: [Double], channels: Int)
    /// There must be a name for each class.
    case labels(found: Int, classes: Int)
}

/// A size of a model that is created.
package enum CreationSize: Hashable, Sendable, CaseIterable {
    case imageHeight, imageWidth, patch, width, depth, heads, hidden, classes, registers

    package var allowed: ClosedRange<Int> {
        switch self {
        case .imageHeight, .imageWidth, .patch: 1...(1 << 14)
        case .width, .heads: 1...(1 << 16)
        case .depth: 1...(1 << 10)
        case .hidden: 1...(1 << 20)
        case .classes: 0...(1 << 20)
        case .registers: 0...(1 << 10)
        }
    }
}
