import Checkpoints
import Images
import Language
import Models
import Report
import Tensor

/// `create "fresh/" image=28 patch=4`: writes a vision transformer that has learnt nothing yet.
enum Create: Command {
    static let spec = CommandSpec(
        "create", "write a vision transformer that has learnt nothing yet, for 'train'", abbreviable: false,
        object: .value(.path("the folder to write")),
        clauses: [
            ClauseSpec("seed", .count(.atLeast(0)), summary: "the seed of its first weights", default: "0"), .replace,
            .using,
        ],
        options: [
            OptionSpec("image", .count(), "height and width of its images in pixels", default: "224"),
            OptionSpec("patch", .count(), "height and width of a patch in pixels", default: "16"),
            OptionSpec("channels", .count(.between(1, 3)), "1 for grey pictures, 3 for colours", default: "3"),
            OptionSpec("width", .count(), "values of a token", default: "192"),
            OptionSpec("depth", .count(), "blocks", default: "12"),
            OptionSpec("heads", .count(), "attention heads, which divide the width", default: "3"),
            OptionSpec("hidden", .count(), "neurons of each MLP", default: "4 × width"),
            OptionSpec("classes", .count(.atLeast(0)), "classes it will tell apart", default: "those of the data"),
            OptionSpec("registers", .count(.atLeast(0)), "register tokens", default: "0"),
        ],
        help: """
            The folder gets model.safetensors and config.json in timm's format; 'load' opens it as any other. Weights \
            are drawn from the distributions that timm draws them from, the same for the same seed. Mean and deviation \
            of pixel values, by which images are normalised, and the names of the classes are those of the data.
            """,
        examples: [
            Example(#"create "fresh/" image=28 patch=4 channels=1 width=96 heads=3"#),
            Example(#"create "fresh/" classes=100 seed 7"#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.text ?? ""
        guard !path.hasSuffix(".safetensors") else {
            throw SessionError.notReplaceable(path: path, reason: "'create' writes a folder")
        }
        func size(_ key: Keyword, _ standard: Int) -> Int { sentence.option(key, as: Int.self) ?? standard }
        let data = try context.data(for: sentence)
        let labels = data.entry.classNames
        let named = try data.images(for: .calibration).labels.map { ($0.max() ?? -1) + 1 }
        guard let classes = sentence.option("classes", as: Int.self) ?? labels?.count ?? named else {
            throw SessionError.noLabels(data: data.name, what: "labels, or say classes=…")
        }
        let width = size("width", 192)
        let model = try FreshViT(
            image: Extent(square: size("image", 224)), patch: size("patch", 16), channels: size("channels", 3),
            width: width, depth: size("depth", 12), heads: size("heads", 3),
            hidden: sentence.option("hidden", as: Int.self), classes: classes, registers: size("registers", 0))
        let (mean, deviation) = try statistics(of: data, for: model, context)
        let files = try model.files(
            seed: UInt64(sentence.value("seed", as: Int.self) ?? 0), mean: mean, deviation: deviation,
            labels: labels?.count == classes ? labels : nil)
        let outcome = try FolderDestination(path: path, replaces: sentence.has("replace"), context).write(
            files.bodies.map { ($0.name, .exact, $0.body) })
        context.say(
            """
            a vision transformer of \(count: model.depth) blocks, width \(count: width), hidden \(count: model.hidden), for images of \
            \(count: model.image.height) × \(count: model.image.width) and \(count: classes) classes: \
            \(parameters: model.parameters) parameters in \(strong: path)
            """,
            data: [
                "path": .string(path), "parameters": .int(model.parameters), "depth": .int(model.depth),
                "width": .int(width), "hidden": .int(model.hidden), "classes": .int(classes),
                "mean": Report.Value(mean), "std": Report.Value(deviation),
            ])
        if outcome == .unchanged { context.status("\(faint: "exactly this was there already")") }
        context.note("it has learnt nothing: load \"\(path)\", then 'train'")
    }

    /// Mean and deviation of each channel over the first images, to three digits as configurations have them.
    private static func statistics(
        of data: OpenData, for model: FreshViT, _ context: CommandContext
    ) throws -> (mean: [Double], deviation: [Double]) {
        guard let channels = PixelChannels(rawValue: model.channels) else {
            throw CreationError.channels(found: model.channels)
        }
        let part = try data.images(for: .calibration).prefix(2_000)
        let size = PixelSize(height: model.image.height, width: model.image.width)
        let preprocessing = Preprocessing.defaults(
            size: size, channels: channels, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5])
        guard !part.isPrepared, part.count > 0 else {
            return (Array(repeating: 0.5, count: model.channels), Array(repeating: 0.5, count: model.channels))
        }
        let area = size.height * size.width
        var sums = [Double](repeating: 0, count: model.channels)
        var squares = sums
        for start in stride(from: 0, to: part.count, by: 256) {
            try context.monitor("").check()
            let range = start..<min(start + 256, part.count)
            let images = try part.read(range, preprocessing: preprocessing)
            for index in 0..<range.count * model.channels {
                let plane = images.pointer + index * area
                for pixel in 0..<area {
                    // Back to 0…1.
                    let value = Double(plane[pixel]) / 2 + 0.5
                    sums[index % model.channels] += value
                    squares[index % model.channels] += value * value
                }
            }
        }
        let count = Double(part.count * area)
        let mean = sums.map { $0 / count }
        let deviation = zip(squares, mean).map { max($0 / count - $1 * $1, 1e-6).squareRoot() }
        func rounded(_ values: [Double]) -> [Double] { values.map { ($0 * 1000).rounded() / 1000 } }
        return (rounded(mean), rounded(deviation).map { max($0, 0.001) })
    }
}
