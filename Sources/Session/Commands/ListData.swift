import Foundation
import Images
import Language
import Models
import Report

/// `data "photos/" limit 512`: lists images and makes them the data in use.
enum ListData: Command {
    static let spec = CommandSpec(
        "data", "list a set of images and make it the data in use",
        object: .value(.path("a folder or file of images")),
        clauses: [
            ClauseSpec("limit", .count(), summary: "at most this many images of each of its folders", default: "all"),
            ClauseSpec("seed", .count(.atLeast(0)), summary: "the seed of the order", default: "0"),
            ClauseSpec(
                "split", .percent(.between(1, 99)), summary: "the share for calibration; the rest is for validation",
                default: "50% unless the folders say it"),
            ClauseSpec("as", .newName, summary: "the name to give it", default: "the name of the folder"),
        ],
        options: [OptionSpec("tensor", .any, "the tensor of a safetensors file that holds the images")],
        help: """
            Takes a folder of class folders (train/ and val/ are told apart), a folder of JPEG and PNG files, IDX files \
            such as Fashion-MNIST's (plain or .gz), or prepared images (N, C, H, W) in a .safetensors file.

            Calibration images are what scores are computed on, validation images what searches and evaluations are judged \
            on; no image is in both. The order is shuffled by the seed, the same on every machine. Prepared images keep \
            their order and are not split unless asked. Every image is read once to find broken ones, which are left out \
            and counted.
            """,
        examples: [
            Example(#"data "photos/" limit 512 seed 7"#),
            Example(#"data "inputs.safetensors" tensor=images as cal"#),
        ])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        let path = sentence.text ?? ""
        let absolute = context.reading(path)
        let tensor = sentence.option("tensor", as: String.self)
        let percent = sentence.value("split", as: Double.self).map { Int(($0 * 100).rounded()) }
        let selection = DataSelection(
            limit: sentence.value("limit", as: Int.self),
            seed: sentence.value("seed", as: Int.self).map { UInt64($0) }, calibrationPercent: percent)
        let source = try DataSource.detect(path: absolute, tensor: tensor)
        let set = try DataSet.open(source, selection: selection)
        let name = sentence.string("as") ?? Load.defaultName(path, taken: context.state.models.keys.sorted())
        if context.state.models[name] != nil { throw SessionError.exists(path: name, verb: "model") }

        let looking = context.monitor("reading \(name)")
        let preprocessing = try rules(&context, set)
        var unreadable: [(count: Int, first: ImageError)] = []
        var parts: [DataPart] = []
        for part in set.parts {
            guard !part.isPrepared else {
                parts.append(part)
                continue
            }
            do {
                parts.append(
                    try part.verified(
                        preprocessing: preprocessing, checkCancelled: { try looking.check() },
                        progress: looking.progress))
            } catch ImageError.allBroken(let count, let first) { unreadable.append((count, first)) }
        }
        if let first = unreadable.first {
            throw ImageError.allBroken(count: unreadable.reduce(0) { $0 + $1.count }, first: first.first)
        }
        let hashing = context.monitor("hashing \(name)")
        let entry = DataEntry(
            path: path, absolutePath: absolute, tensor: tensor, selection: selection,
            fingerprint: try set.fingerprint(
                checkCancelled: { try hashing.check() }, progress: hashing.progress),
            stamp: set.stamp, classNames: set.classNames,
            broken: Dictionary(uniqueKeysWithValues: parts.map { ($0.role.rawValue, $0.broken.map(\.name)) }),
            cell: context.cell)
        context.dependencies.note(.data, name: name, path: path) { entry.fingerprint }
        context.state.dataSets[name] = entry
        context.state.currentData = name
        context.library.remember(parts.map { $0.excluding(Set($0.broken.map(\.name))) }, for: entry)
        describe(name, set, parts, &context)
    }

    /// Rules only to read the pictures once; what a model makes of them later does not matter here.
    private static func rules(_ context: inout CommandContext, _ set: DataSet) throws -> Preprocessing {
        .defaults(size: PixelSize(height: 32, width: 32), channels: .rgb)
    }

    private static func describe(_ name: String, _ set: DataSet, _ parts: [DataPart], _ context: inout CommandContext) {
        let counts = parts.map { part -> StyledText in
            part.role == .all
                ? "\(count: part.count) \(part.textLength == nil ? "images" : "texts"), not split"
                : "\(count: part.count) for \(part.role.rawValue)"
        }
        var text: StyledText = "\(name: name): \(kind(set.source)), \(counts.joined(separator: ", "))"
        var classes = set.classNames?.count
        if let classes {
            text += ", \(count: classes) \(classes == 1 ? "class" : "classes")"
        } else if parts.allSatisfy({ $0.labels != nil }) {
            let count = Set(parts.flatMap { $0.labels ?? [] }).count
            classes = count
            text += ", \(count: count) \(count == 1 ? "class" : "classes")"
        } else {
            text += ", no labels"
        }
        if let shape = parts.first?.preparedShape {
            text += " · prepared, \(number: shape.map(String.init).joined(separator: "×"))"
        }
        if let length = parts.first?.textLength { text += " · prepared, \(count: length) tokens each" }
        if set.isSplitBySource { text += " · split by its own folders" }
        context.say(
            text,
            data: [
                "data": .string(name),
                "parts": Value(parts.map(\.role.rawValue)), "images": Value(parts.map(\.count)),
                "classes": Value(classes),
            ])
        let broken = parts.flatMap(\.broken)
        if let first = broken.first {
            context.warn(
                """
                \(count: broken.count) of \(count: broken.count + parts.reduce(0) { $0 + $1.count }) images can't be read \
                and are left out: \(first.name) (\(Problem.reason(first.error)))\(broken.count > 1 ? ", …" : "")
                """)
        }
        if set.duplicates > 0 {
            context.note("\(count: set.duplicates) more paths lead to images already listed and are left out")
        }
    }

    private static func kind(_ source: DataSource) -> String {
        switch source {
        case .classFolders: "folder of pictures"
        case .idx: "IDX files"
        case .safetensors(_, let tensor): tensor.map { "tensor \($0)" } ?? "tensor"
        }
    }
}
