import Tensor

/// What chance decided for one image.
package struct AugmentationDraw: Sendable, Equatable {
    package var crop: DrawnCrop?
    package var isMirrored = false
    /// In the order they are done.
    package var colours: [ColourAdjustment] = []
    package var erasure: Erasure?

    package enum DrawnCrop: Sendable, Equatable {
        /// The part of the picture that is resized to the model's size.
        case part(PixelWindow)
        /// Where the picture's corner comes to lie in the model's image.
        case shift(left: Int, top: Int)
    }

    /// A rectangle of the normalised image, and the seed of what it is filled with.
    package struct Erasure: Sendable, Equatable {
        package var window: PixelWindow
        package var noiseSeed: UInt64
    }
}

extension Augmentation {
    /// Draws for one image. The augmentation has been checked.
    ///
    /// - Parameters:
    ///   - picture: the size of the picture that crops are taken of
    ///   - output: the size that the model takes
    ///   - image: the image's position in its part
    func draw(
        picture: PixelSize, output: PixelSize, seed: UInt64, epoch: Int, image: Int
    ) -> AugmentationDraw {
        func generator(_ step: AugmentationStep) -> SplitMix64 {
            SplitMix64(seed: seed, epoch: epoch, image: image, step: step)
        }
        var draw = AugmentationDraw()
        if let crop {
            var generator = generator(.crop)
            draw.crop =
                switch crop {
                case .resized(let range): .part(range.draw(in: picture, &generator))
                case .padded(let pixels):
                    .shift(
                        left: pixels - generator.next(below: 2 * pixels + 1),
                        top: pixels - generator.next(below: 2 * pixels + 1))
                }
        }
        if flip > 0 {
            var generator = generator(.flip)
            draw.isMirrored = generator.uniform() < flip
        }
        if !colours.isOff {
            var generator = generator(.colours)
            draw.colours = colours.draw(&generator)
        }
        if erasing.probability > 0 {
            var generator = generator(.erasing)
            draw.erasure = erasing.draw(in: output, &generator)
        }
        return draw
    }
}

/// How often a rectangle that doesn't fit is drawn again, in torchvision as in timm.
private let attempts = 10

extension ResizedCrop {
    /// A part of the area and shape drawn, anywhere; if none fits, the largest one of the nearest shape, in the middle.
    fileprivate func draw(in picture: PixelSize, _ generator: inout SplitMix64) -> PixelWindow {
        let whole = Double(picture.width) * Double(picture.height)
        for _ in 0..<attempts {
            let wanted = whole * generator.uniform(in: area)
            let ratio = generator.logarithmic(in: aspect)
            let width = Int((wanted * ratio).squareRoot().rounded(.toNearestOrEven))
            let height = Int((wanted / ratio).squareRoot().rounded(.toNearestOrEven))
            guard 1...picture.width ~= width, 1...picture.height ~= height else { continue }
            let top = generator.next(below: picture.height - height + 1)
            let left = generator.next(below: picture.width - width + 1)
            return PixelWindow(x: left..<(left + width), y: top..<(top + height))
        }
        let ratio = Double(picture.width) / Double(picture.height)
        var (width, height) = (picture.width, picture.height)
        if ratio < aspect.lowerBound {
            height = max(1, Int((Double(width) / aspect.lowerBound).rounded(.toNearestOrEven)))
        } else if ratio > aspect.upperBound {
            width = max(1, Int((Double(height) * aspect.upperBound).rounded(.toNearestOrEven)))
        }
        let (left, top) = ((picture.width - width) / 2, (picture.height - height) / 2)
        return PixelWindow(x: left..<(left + width), y: top..<(top + height))
    }
}

extension ColourJitter {
    /// The adjustments that are on, in random order.
    fileprivate func draw(_ generator: inout SplitMix64) -> [ColourAdjustment] {
        func factors(_ strength: Double) -> ClosedRange<Double> { max(0, 1 - strength)...(1 + strength) }
        let brightness = generator.uniform(in: factors(brightness))
        let contrast = generator.uniform(in: factors(contrast))
        let saturation = generator.uniform(in: factors(saturation))
        let hue = generator.uniform(in: -hue...hue)
        var adjustments: [ColourAdjustment] = []
        if self.brightness > 0 { adjustments.append(.brightness(brightness)) }
        if self.contrast > 0 { adjustments.append(.contrast(contrast)) }
        if self.saturation > 0 { adjustments.append(.saturation(saturation)) }
        if self.hue > 0 { adjustments.append(.hue(hue)) }
        generator.shuffle(&adjustments)
        return adjustments
    }
}

extension RandomErasing {
    /// A rectangle smaller than the image; nil where chance spares the image, or none fits.
    fileprivate func draw(in image: PixelSize, _ generator: inout SplitMix64) -> AugmentationDraw.Erasure? {
        guard generator.uniform() < probability else { return nil }
        let whole = Double(image.width * image.height)
        for _ in 0..<attempts {
            let wanted = whole * generator.uniform(in: area)
            let ratio = generator.logarithmic(in: aspect)
            let height = Int((wanted * ratio).squareRoot().rounded(.toNearestOrEven))
            let width = Int((wanted / ratio).squareRoot().rounded(.toNearestOrEven))
            guard height < image.height, width < image.width else { continue }
            let top = generator.next(below: image.height - height + 1)
            let left = generator.next(below: image.width - width + 1)
            return AugmentationDraw.Erasure(
                window: PixelWindow(x: left..<(left + width), y: top..<(top + height)), noiseSeed: generator.next())
        }
        return nil
    }
}
