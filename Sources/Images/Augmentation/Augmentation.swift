/// How pictures are changed at random before a model learns from them.
///
/// Everything is off unless it is set; then pictures come as they do for a measurement. The steps are those of timm's
/// training transform, in its order: crop, flip, colours, the model's mean and deviation, erasing.
package struct Augmentation: Codable, Hashable, Sendable {
    /// Which part of a picture is taken; nil: the model's own resize and centre crop.
    package var crop: RandomCrop?
    /// The probability that left and right are exchanged.
    package var flip: Double
    package var colours: ColourJitter
    package var erasing: RandomErasing

    package init(
        crop: RandomCrop? = nil, flip: Double = 0, colours: ColourJitter = ColourJitter(),
        erasing: RandomErasing = RandomErasing()
    ) {
        self.crop = crop
        self.flip = flip
        self.colours = colours
        self.erasing = erasing
    }

    /// Whether every image comes as it does for a measurement.
    package var isOff: Bool { crop == nil && flip == 0 && colours.isOff && erasing.probability == 0 }
}

/// Which part of a picture is taken.
package enum RandomCrop: Codable, Hashable, Sendable {
    /// A part of random area and shape, resized to the model's size with the model's filter.
    case resized(ResizedCrop)
    /// The picture as the model takes it, with so many black pixels around it; of that a part of the model's size.
    case padded(pixels: Int)
}

/// The range of a resized crop: torchvision's `RandomResizedCrop`.
package struct ResizedCrop: Codable, Hashable, Sendable {
    /// The part's share of the picture's area.
    package var area: ClosedRange<Double>
    /// The part's width over its height; its logarithm is drawn evenly.
    package var aspect: ClosedRange<Double>

    package init(area: ClosedRange<Double> = 0.08...1, aspect: ClosedRange<Double> = (3.0 / 4)...(4.0 / 3)) {
        self.area = area
        self.aspect = aspect
    }
}

/// How far colours stray: torchvision's `ColorJitter`. Saturation and hue leave grey pictures as they are.
package struct ColourJitter: Codable, Hashable, Sendable {
    /// Factors lie within 1 ± the strength, and are no less than 0.
    package var brightness: Double
    package var contrast: Double
    package var saturation: Double
    /// Turns of the colour wheel, either way: half a turn at most.
    package var hue: Double

    package init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue
    }

    package var isOff: Bool { brightness == 0 && contrast == 0 && saturation == 0 && hue == 0 }
}

/// A rectangle of the normalised image that is overwritten: timm's `RandomErasing` (Zhong et al. 2017).
package struct RandomErasing: Codable, Hashable, Sendable {
    package var probability: Double
    /// The rectangle's share of the image's area.
    package var area: ClosedRange<Double>
    /// The rectangle's height over its width; its logarithm is drawn evenly.
    package var aspect: ClosedRange<Double>
    package var fill: Fill

    package enum Fill: String, Codable, Hashable, Sendable {
        /// Normally distributed values, of mean 0 and deviation 1 after normalisation.
        case noise
        /// 0, which is the mean after normalisation.
        case mean
    }

    package init(
        probability: Double = 0, area: ClosedRange<Double> = 0.02...(1.0 / 3),
        aspect: ClosedRange<Double> = 0.3...(1 / 0.3), fill: Fill = .noise
    ) {
        self.probability = probability
        self.area = area
        self.aspect = aspect
        self.fill = fill
    }
}
