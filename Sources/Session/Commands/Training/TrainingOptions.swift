import Images
import Language
import Models
import Training

// What 'train' and 'distill' both take.
enum TrainingOptions {
    /// What a command does where its sentence says nothing.
    struct Standard {
        let epochs: Int
        let batch: Int
        let rate: Double
        let least: Double
        let decay: ClosedRange<Double>
    }

    static let seed = ClauseSpec(
        "seed", .count(.atLeast(0)), summary: "the seed of order, augmentation and drop path", default: "0")

    static func specs(_ standard: Standard) -> [OptionSpec] {
        func written(_ number: Double) -> String { Language.Value(number).description }
        let share = Limits.between(0, 1)
        return [
            OptionSpec(
                "epochs", .count(.between(1, 100_000)), "times each image is seen",
                default: "\(standard.epochs)"),
            OptionSpec("batch", .count(), "images of a step", default: "\(standard.batch)"),
            OptionSpec(
                "rate", .number(.above(0, atMost: 10)),
                "the highest learning rate, for a batch of 256: it grows with the batch",
                default: written(standard.rate)),
            OptionSpec(
                "least", .number(.between(0, 10)), "the learning rate at the end", default: written(standard.least)),
            OptionSpec(
                "warmup", .number(.between(0, 10_000)), "epochs in which the rate rises from 0",
                default: "1, of few epochs a quarter"),
            OptionSpec(
                "decay", .number(.between(0, 10)), "weight decay of matrices",
                default: standard.decay.lowerBound == standard.decay.upperBound
                    ? written(standard.decay.lowerBound)
                    : "\(written(standard.decay.lowerBound)), rising to \(written(standard.decay.upperBound))"),
            OptionSpec("clip", .number(.above(0)), "the longest gradient that is not made shorter", default: "any"),
            OptionSpec(
                "droppath", .number(Limits(lower: .included(0), upper: .excluded(1))),
                "how often branches of the last block are left out, of earlier ones less", default: "0"),
            OptionSpec("only", .words("all", "mlp"), "train all weights or only those of the MLPs", default: "all"),
            OptionSpec(
                "keep", .words("last", "best"), "the weights of the last epoch, or of the best measured one",
                default: "last"),
            OptionSpec("flip", .number(share), "how often left and right are exchanged", default: "0"),
            OptionSpec("pad", .count(.between(0, 4096)), "move images by up to so many pixels", default: "0"),
            OptionSpec(
                "crop", .number(.above(0, atMost: 1)),
                "take a part of random size, at least this share, and enlarge it",
                default: "the whole"),
            OptionSpec("erase", .number(share), "how often a rectangle is overwritten by noise", default: "0"),
            OptionSpec("colour", .number(share), "how far brightness, contrast and saturation stray", default: "0"),
        ]
    }

    /// Sets a recipe's numbers as the sentence has them.
    static func read(_ sentence: Sentence, _ standard: Standard, into recipe: inout TrainingRecipe) {
        func number(_ key: Keyword, _ standard: Double) -> Double { sentence.option(key, as: Double.self) ?? standard }
        recipe.epochs = sentence.option("epochs", as: Int.self) ?? standard.epochs
        recipe.batch = sentence.option("batch", as: Int.self) ?? standard.batch
        recipe.baseLearningRate = number("rate", standard.rate)
        recipe.leastLearningRate = number("least", standard.least)
        recipe.warmUpEpochs = number("warmup", min(1, Double(recipe.epochs) / 4))
        recipe.weightDecay = number("decay", standard.decay.lowerBound)
        recipe.lastWeightDecay = number("decay", standard.decay.upperBound)
        recipe.longestGradient = sentence.option("clip", as: Double.self)
        recipe.dropPath = number("droppath", 0)
        recipe.parts = sentence.option("only", as: String.self) == "mlp" ? .mlps : .all
        recipe.seed = sentence.value("seed", as: Int.self) ?? 0
    }

    static func augmentation(_ sentence: Sentence) throws -> Augmentation {
        func number(_ key: Keyword) -> Double { sentence.option(key, as: Double.self) ?? 0 }
        let pad = sentence.option("pad", as: Int.self) ?? 0
        let crop = sentence.option("crop", as: Double.self)
        if crop != nil, pad > 0 {
            throw Diagnostic(
                "'crop' and 'pad' both say which part of an image is taken", at: sentence.option("pad")?.key.span,
                hints: ["pad= for small pictures, crop= for photos"])
        }
        let colour = number("colour")
        return Augmentation(
            crop: crop.map { .resized(ResizedCrop(area: $0...1)) } ?? (pad > 0 ? .padded(pixels: pad) : nil),
            flip: number("flip"), colours: ColourJitter(brightness: colour, contrast: colour, saturation: colour),
            erasing: RandomErasing(probability: number("erase")))
    }
}

/// The images of a part as training takes them: augmented, or as they are.
struct TrainingImages: BatchSource {
    let images: PartImages
    let labels: [Int]?
    private let augmented: AugmentedImages?

    /// - Parameter memory: bytes that decoded pictures may take.
    init(_ images: PartImages, labels: [Int]?, augmentation: Augmentation, seed: Int, memory: Int) throws {
        self.images = images
        self.labels = labels
        guard let preprocessing = images.preprocessing else {
            let isPlain = augmentation.isOff || images.part.textLength != nil
            augmented =
                isPlain
                ? nil
                : try AugmentedImages(
                    images.part, preprocessing: .prepared(images), augmentation: augmentation, seed: UInt64(seed))
            return
        }
        augmented = try AugmentedImages(
            images.part, preprocessing: preprocessing, augmentation: augmentation, seed: UInt64(seed),
            pictureMemory: memory)
    }

    var count: Int { images.count }
    var shape: InputShape { images.shape }
    var isFixed: Bool { augmented?.augmentation.isOff ?? true }

    func load(_ indices: [Int], epoch: Int) throws -> Inputs {
        if let augmented { return .images(try augmented.load(indices: indices, epoch: epoch)) }
        return Inputs(joining: try indices.map { try images.load($0..<($0 + 1)) }, shape: images.shape)
    }
}

extension Preprocessing {
    /// Rules that leave prepared images as they are.
    fileprivate static func prepared(_ images: PartImages) throws -> Preprocessing {
        guard case .image(let channels, let extent) = images.shape, let channels = PixelChannels(rawValue: channels)
        else { throw ModelError.wrongInput(takesImages: true) }
        return .defaults(size: PixelSize(height: extent.height, width: extent.width), channels: channels)
    }
}
