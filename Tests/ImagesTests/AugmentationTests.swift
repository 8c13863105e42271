import Checkpoints
import Foundation
import Images
import Tensor
import Testing

@Suite("Images that are changed at random")
struct AugmentationTests {
    static let everything = Augmentation(
        crop: .padded(pixels: 3), flip: 0.5, colours: ColourJitter(brightness: 0.4, contrast: 0.3),
        erasing: RandomErasing(probability: 0.5))

    // MARK: Nothing and everything

    @Test("with everything off, images come as they do for a measurement")
    func off() throws {
        let small = try SmallPictures()
        let images = try small.augmented(Augmentation())
        #expect(images.augmentation.isOff)
        let found = try images.load(indices: Array(0..<small.part.count), epoch: 3)
        #expect(found.shape == [small.part.count, 1, 28, 28])
        let expected = try small.part.read(0..<small.part.count, preprocessing: SmallPictures.rules)
        #expect(found.values == expected.values)

        let folder = try DataPartTests.folder()
        let part = try DataPartTests.part(folder)
        let photos = try AugmentedImages(
            part, preprocessing: DataPartTests.rules, augmentation: Augmentation(), seed: 0, pictureMemory: 5000)
        for _ in 0..<2 {
            let found = try photos.load(indices: Array(0..<part.count), epoch: 0)
            #expect(found.values == (try part.read(0..<part.count, preprocessing: DataPartTests.rules)).values)
        }
    }

    @Test("an image depends on seed, epoch and position alone, not on what is loaded with it or by how many threads")
    func determined() throws {
        let small = try SmallPictures()
        let images = try small.augmented(Self.everything)
        let together = try images.load(indices: Array(0..<small.part.count), epoch: 2)
        let threads = Parallel.threads
        defer { Parallel.threads = threads }
        Parallel.threads = 1
        let again = try small.augmented(Self.everything)
        for index in (0..<small.part.count).reversed() {
            let alone = try again.load(indices: [index, index], epoch: 2)
            let expected = Array(UnsafeBufferPointer(start: together.row(index), count: 784))
            #expect(alone.values == expected + expected)
        }
        #expect(try images.load(indices: [4], epoch: 3).values != images.load(indices: [4], epoch: 2).values)
        let other = try small.augmented(Self.everything, seed: 2)
        #expect(try other.load(indices: [4], epoch: 2).values != images.load(indices: [4], epoch: 2).values)
    }

    @Test("a step that is switched on changes nothing of what the others draw")
    func independentSteps() throws {
        let size = PixelSize(height: 28, width: 28)
        let all = try SmallPictures().augmented(Self.everything)
        var fewer = Self.everything
        fewer.colours = ColourJitter()
        fewer.erasing = RandomErasing()
        let some = try SmallPictures().augmented(fewer)
        for image in 0..<50 {
            let (left, right) = (
                all.draw(image, epoch: 0, picture: size), some.draw(image, epoch: 0, picture: size)
            )
            #expect(left.crop == right.crop && left.isMirrored == right.isMirrored)
        }
    }

    @Test("an augmentation survives being written and read")
    func codable() throws {
        for augmentation in [Augmentation(), Self.everything, Augmentation(crop: .resized(ResizedCrop()))] {
            let again = try JSONDecoder().decode(Augmentation.self, from: JSONEncoder().encode(augmentation))
            #expect(again == augmentation)
        }
    }

    // MARK: Single steps

    @Test("flips are as frequent as they should be, and are flips", arguments: [0.0, 0.2, 0.5, 1])
    func flips(_ probability: Double) throws {
        let small = try SmallPictures()
        let images = try small.augmented(Augmentation(flip: probability))
        let size = PixelSize(height: 28, width: 28)
        let count = 10_000
        let flipped = (0..<count).count { images.draw($0, epoch: 1, picture: size).isMirrored }
        let tolerance = 5 * (probability * (1 - probability) * Double(count)).squareRoot()
        #expect(abs(Double(flipped) - probability * Double(count)) <= tolerance)
        let plain = try small.part.read(0..<small.part.count, preprocessing: SmallPictures.rules)
        let found = try images.load(indices: Array(0..<small.part.count), epoch: 1)
        for index in 0..<small.part.count {
            let isMirrored = images.draw(index, epoch: 1, picture: size).isMirrored
            for (row, column) in [(0, 0), (7, 3), (27, 20)] {
                let source = isMirrored ? 27 - column : column
                #expect(found.row(index)[28 * row + column] == plain.row(index)[28 * row + source])
            }
        }
    }

    @Test("a padded crop is the picture shifted over black", arguments: [1, 4, 40])
    func padded(_ pixels: Int) throws {
        let small = try SmallPictures()
        let images = try small.augmented(Augmentation(crop: .padded(pixels: pixels)))
        let size = PixelSize(height: 28, width: 28)
        let plain = try small.part.read(0..<small.part.count, preprocessing: SmallPictures.rules)
        let black = (Float(0) - Float(0.286)) / Float(0.353)
        for index in 0..<small.part.count {
            let draw = images.draw(index, epoch: 0, picture: size)
            guard case .shift(let left, let top)? = draw.crop else {
                Issue.record("no shift")
                return
            }
            let found = try images.load(indices: [index], epoch: 0)
            let expected = (0..<784).map { place in
                let (row, column) = (place / 28 - top, place % 28 - left)
                return 0..<28 ~= row && 0..<28 ~= column ? plain.row(index)[28 * row + column] : black
            }
            #expect(found.values == expected)
        }
        // All shifts are equally likely.
        var counts: [Int: Int] = [:]
        let count = 2000 * (2 * pixels + 1)
        for epoch in 0..<count {
            guard case .shift(let left, _)? = images.draw(0, epoch: epoch, picture: size).crop else { continue }
            counts[left, default: 0] += 1
        }
        #expect(counts.keys.sorted() == Array(-pixels...pixels))
        // Five times the root of 2000 on either side.
        #expect(counts.values.allSatisfy { 1776...2224 ~= $0 })
    }

    @Test("a resized crop is the part that was drawn, at the model's size")
    func resized() throws {
        let folder = try DataPartTests.folder()
        let part = try DataPartTests.part(folder)
        let rules = DataPartTests.rules
        let images = try AugmentedImages(
            part, preprocessing: rules, augmentation: Augmentation(crop: .resized(ResizedCrop())), seed: 3)
        let found = try images.load(indices: Array(0..<part.count), epoch: 1)
        for (index, name) in part.names.enumerated() {
            let picture = try ImageDecoder.decode(path: folder.path + "/" + name, channels: .rgb)
            guard case .part(let window)? = images.draw(index, epoch: 1, picture: picture.size).crop else {
                Issue.record("no part")
                return
            }
            let expected = FloatBuffer(rules.shape)
            rules.normalise(try rules.prepare(picture, part: window, path: name), into: expected.pointer)
            #expect(Array(UnsafeBufferPointer(start: found.row(index), count: rules.count)) == expected.values)
        }
    }

    @Test("colours stray within their strengths, in any order")
    func colours() throws {
        let jitter = ColourJitter(brightness: 0.4, contrast: 1.5, saturation: 0.1, hue: 0.2)
        let images = try SmallPictures().augmented(Augmentation(colours: jitter))
        var orders: Set<[Int]> = []
        var sums = [0.0, 0, 0, 0]
        for epoch in 0..<4000 {
            let drawn = images.draw(0, epoch: epoch, picture: PixelSize(height: 28, width: 28)).colours
            var order: [Int] = []
            for adjustment in drawn {
                let (place, value, range): (Int, Double, ClosedRange<Double>) =
                    switch adjustment {
                    case .brightness(let factor): (0, factor, 0.6...1.4)
                    case .contrast(let factor): (1, factor, 0...2.5)
                    case .saturation(let factor): (2, factor, 0.9...1.1)
                    case .hue(let turns): (3, turns, -0.2...0.2)
                    }
                order.append(place)
                #expect(range.contains(value))
                sums[place] += (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            }
            orders.insert(order)
        }
        #expect(orders.count == 24 && orders.allSatisfy { $0.sorted() == [0, 1, 2, 3] })
        // A uniform mean of 4000 has a standard error of 0.0046.
        let means = sums.map { $0 / 4000 }
        #expect(means.allSatisfy { 0.475...0.525 ~= $0 })
    }

    @Test("colours are changed after the crop and before the normalisation")
    func colourOrder() throws {
        let small = try SmallPictures()
        var augmentation = Self.everything
        augmentation.erasing = RandomErasing()
        augmentation.flip = 0
        let images = try small.augmented(augmentation)
        var cropped = augmentation
        cropped.colours = ColourJitter()
        let before = try small.augmented(cropped)
        let rules = SmallPictures.rules
        for index in 0..<small.part.count {
            let values = try before.load(indices: [index], epoch: 0).values
            // Back to 8 bits, which 1/255 steps allow.
            let bytes = values.map { UInt8((($0 * 0.353 + 0.286) * 255).rounded()) }
            var picture = try #require(PixelBuffer(width: 28, height: 28, channels: .grey, bytes: bytes))
            for adjustment in images.draw(index, epoch: 0, picture: picture.size).colours {
                picture = picture.adjusted(adjustment)
            }
            let expected = FloatBuffer(rules.shape)
            rules.normalise(picture, into: expected.pointer)
            #expect(try images.load(indices: [index], epoch: 0).values == expected.values)
        }
    }

    @Test(
        "what is erased is noise or the mean, and nothing else changes", arguments: [RandomErasing.Fill.noise, .mean])
    func erasing(_ fill: RandomErasing.Fill) throws {
        let small = try SmallPictures(40)
        let images = try small.augmented(Augmentation(erasing: RandomErasing(probability: 1, fill: fill)))
        let plain = try small.part.read(0..<small.part.count, preprocessing: SmallPictures.rules)
        let found = try images.load(indices: Array(0..<small.part.count), epoch: 0)
        var erased: [Double] = []
        for index in 0..<small.part.count {
            let draw = images.draw(index, epoch: 0, picture: PixelSize(height: 28, width: 28))
            let window = try #require(draw.erasure?.window)
            for place in 0..<784 {
                let value = found.row(index)[place]
                if window.y.contains(place / 28) && window.x.contains(place % 28) {
                    erased.append(Double(value))
                } else {
                    #expect(value == plain.row(index)[place])
                }
            }
        }
        if fill == .mean {
            #expect(erased.allSatisfy { $0 == 0 })
            return
        }
        let count = Double(erased.count)
        #expect(Set(erased).count > erased.count * 99 / 100)
        let mean = erased.reduce(0, +) / count
        let square = erased.map { $0 * $0 }.reduce(0, +) / count
        #expect(abs(mean) < 5 / count.squareRoot())
        #expect(abs(square - 1) < 5 * (2 / count).squareRoot())
        let beyond = Double(erased.count { abs($0) > 1.959964 }) / count
        #expect(abs(beyond - 0.05) < 5 * (0.0475 / count).squareRoot())
    }

    // MARK: Other sources

    @Test("decoded pictures are kept up to the limit, and are the same afterwards")
    func kept() throws {
        let folder = try DataPartTests.folder()
        let part = try DataPartTests.part(folder)
        let rules = DataPartTests.rules
        let prepared = 3 * 16 * 16
        func images(_ memory: Int, _ crop: RandomCrop? = nil) throws -> AugmentedImages {
            try AugmentedImages(
                part, preprocessing: rules, augmentation: Augmentation(crop: crop, flip: 0.5), seed: 0,
                pictureMemory: memory)
        }
        for (memory, expected) in [(0, 0), (10 * prepared + 5, 10 * prepared), (1 << 30, part.count * prepared)] {
            let images = try images(memory)
            _ = try images.load(indices: Array(0..<part.count), epoch: 0)
            #expect(images.keptBytes == expected)
        }
        for crop in [nil, RandomCrop.resized(ResizedCrop()), .padded(pixels: 2)] {
            let (some, none) = (try images(9000, crop), try images(0, crop))
            for epoch in 0..<3 {
                let indices = Array(0..<part.count)
                #expect(
                    try some.load(indices: indices, epoch: epoch).values
                        == none.load(indices: indices, epoch: epoch).values)
            }
            #expect(some.keptBytes > 0 && some.keptBytes <= 9000)
        }
        try FileManager.default.removeItem(atPath: folder.path)
        let emptied = try images(1 << 30)
        #expect(imageError { _ = try emptied.load(indices: [0], epoch: 0) } != nil)
    }

    @Test("prepared images are flipped and erased; other steps are refused before any work")
    func prepared() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/images.safetensors"
        let values = (0..<(4 * 3 * 6 * 5)).map { Float($0) }
        let file = try StagedFile(target: path)
        try SafetensorsWriter.write(
            [TensorSource(name: "images", shape: [4, 3, 6, 5], floats: values)], metadata: nil, to: file)
        try file.commit()
        let part = try #require(try DataSet.open(.safetensors(path: path, tensor: nil)).part(.all))
        let rules = Preprocessing.defaults(size: PixelSize(height: 6, width: 5), channels: .rgb)
        func images(_ augmentation: Augmentation) throws -> AugmentedImages {
            try AugmentedImages(part, preprocessing: rules, augmentation: augmentation, seed: 1)
        }
        let mirrored = try images(Augmentation(flip: 1)).load(indices: [2], epoch: 0).values
        let rows = (36..<54).map { row in values[(5 * row)..<(5 * row + 5)] }
        #expect(mirrored == rows.flatMap { $0.reversed() })
        let erased = try images(
            Augmentation(erasing: RandomErasing(probability: 1, area: 0.2...0.3, fill: .mean))
        ).load(indices: [1], epoch: 0).values
        #expect(erased.contains(0) && !erased.dropFirst(45).allSatisfy { $0 == 0 })
        for (augmentation, step) in [
            (Augmentation(crop: .padded(pixels: 1)), AugmentationStep.crop),
            (Augmentation(colours: ColourJitter(contrast: 0.1)), .colours),
        ] {
            #expect(throws: AugmentationError.needsPictures(step, path: path, tensor: "images")) {
                try images(augmentation)
            }
        }
    }

    @Test("a position outside the part is refused")
    func outside() throws {
        let small = try SmallPictures()
        let images = try small.augmented(Self.everything)
        for index in [-1, small.part.count, Int.max] {
            #expect(
                imageError { _ = try images.load(indices: [0, index], epoch: 0) }
                    == .rangeOutOfPart(lower: index, upper: index &+ 1, count: small.part.count))
        }
        #expect(try images.load(indices: [], epoch: 0).count == 0)
    }

    @Test(
        "numbers that make no sense are refused",
        arguments: [
            (Augmentation(flip: 1.5), AugmentationParameter.flip, 1.5), (Augmentation(flip: -1), .flip, -1),
            (Augmentation(crop: .padded(pixels: -1)), .padding, -1),
            (Augmentation(crop: .padded(pixels: .max)), .padding, Double(Int.max)),
            (Augmentation(crop: .resized(ResizedCrop(area: 0.5...1.1))), .cropArea, 1.1),
            (Augmentation(crop: .resized(ResizedCrop(aspect: 0...1))), .cropAspect, 0),
            (Augmentation(colours: ColourJitter(hue: 0.6)), .hue, 0.6),
            (Augmentation(colours: ColourJitter(brightness: .infinity)), .brightness, .infinity),
            (Augmentation(erasing: RandomErasing(probability: 2)), .erasingProbability, 2),
            (Augmentation(erasing: RandomErasing(area: -1...0.5)), .erasingArea, -1),
            (Augmentation(erasing: RandomErasing(aspect: 1...1000)), .erasingAspect, 1000),
        ])
    func refused(_ augmentation: Augmentation, _ parameter: AugmentationParameter, _ found: Double) throws {
        let small = try SmallPictures()
        #expect(throws: AugmentationError.outOfRange(parameter, found: found)) { try small.augmented(augmentation) }
        #expect(!parameter.allowed.contains(found))
    }
}
