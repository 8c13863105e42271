extension Augmentation {
    /// - Throws: `AugmentationError.outOfRange`.
    func check() throws(AugmentationError) {
        switch crop {
        case nil: break
        case .resized(let part):
            try Self.check(part.area, .cropArea)
            try Self.check(part.aspect, .cropAspect)
        case .padded(let pixels): try Self.check(Double(pixels), .padding)
        }
        try Self.check(flip, .flip)
        try Self.check(colours.brightness, .brightness)
        try Self.check(colours.contrast, .contrast)
        try Self.check(colours.saturation, .saturation)
        try Self.check(colours.hue, .hue)
        try Self.check(erasing.probability, .erasingProbability)
        try Self.check(erasing.area, .erasingArea)
        try Self.check(erasing.aspect, .erasingAspect)
    }

    private static func check(
        _ values: ClosedRange<Double>, _ parameter: AugmentationParameter
    ) throws(AugmentationError) {
        try check(values.lowerBound, parameter)
        try check(values.upperBound, parameter)
    }

    private static func check(_ value: Double, _ parameter: AugmentationParameter) throws(AugmentationError) {
        guard parameter.allowed.contains(value) else { throw .outOfRange(parameter, found: value) }
    }
}

/// What can be wrong with an augmentation, or with using it.
package enum AugmentationError: Error, Hashable, Sendable {
    /// A number outside what its parameter allows.
    case outOfRange(AugmentationParameter, found: Double)
    /// Prepared images are no pictures any more: they can be flipped and erased only.
    case needsPictures(AugmentationStep, path: String, tensor: String)
}

/// A number of an augmentation.
package enum AugmentationParameter: Hashable, Sendable, CaseIterable {
    case cropArea, cropAspect, padding, flip, brightness, contrast, saturation, hue
    case erasingProbability, erasingArea, erasingAspect

    package var allowed: ClosedRange<Double> {
        switch self {
        case .cropArea, .erasingArea, .flip, .erasingProbability: 0...1
        case .cropAspect, .erasingAspect: 0.01...100
        case .padding: 0...Double(Preprocessing.sideLimit)
        case .brightness, .contrast, .saturation: 0...10
        case .hue: 0...0.5
        }
    }
}

/// A step of an augmentation, in the order they are done.
package enum AugmentationStep: UInt64, Hashable, Sendable, CaseIterable {
    // The numbers are part of the seeds: they never change.
    case crop = 1
    case flip = 2
    case colours = 3
    case erasing = 4
}
