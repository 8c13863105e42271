import Checkpoints
import Evaluation
import Foundation
import Images
import Language
import Models
import Report
import Tensor
import Text

/// The embeddings that images are compared with in zero-shot classification, one a class.
struct ClassEmbeddings {
    /// (classes, D)
    let values: FloatBuffer
    /// The class that each label of the data means.
    let places: [Int]
    /// Changes whenever the values do.
    let identity: String
    let origin: Origin

    enum Origin {
        /// Made by the model's own tower of texts.
        case texts(templates: Int)
        case file(String)
    }

    static let options = [
        OptionSpec(
            "classes", .path("a file of class names"),
            "the classes' names, one a line or as JSON", default: "the class folders' names"),
        OptionSpec(
            "templates",
            .wordOrPath(
                [
                    Choice(Templates.BuiltIn.photo.rawValue, "\"a photo of a {}.\""),
                    Choice(Templates.BuiltIn.imagenet7.rawValue, "seven for ImageNet, of which the mean counts"),
                ], "a file of templates"),
            "sentences with {} for the name", default: Templates.BuiltIn.photo.rawValue),
        OptionSpec(
            "embeddings", .path("a safetensors file of class embeddings"),
            "class embeddings from a file instead of the model's own: (classes, D) or (D, classes)"),
        OptionSpec("tensor", .any, "the tensor of that file that holds them"),
    ]

    /// What the sentence asks for, in the order in which it says the classes are.
    static func wanted(
        by sentence: Sentence, _ model: OpenModel, _ data: OpenData, labels: [Int], _ context: inout CommandContext
    ) throws -> ClassEmbeddings {
        let named = try sentence.option("classes", as: String.self).map { path in
            (names: try ClassNames(path: context.readingFile(path)).names, list: path)
        }
        if let path = sentence.option("embeddings", as: String.self) {
            if let templates = sentence.option("templates") {
                throw TextTaskError.templatesForEmbeddings(at: templates.key.span)
            }
            return try read(
                ClassEmbeddingsFile(
                    path: path, place: context.readingFile(path), tensor: sentence.option("tensor", as: String.self),
                    width: model.embeddingWidth),
                named, data, labels: labels, &context)
        }
        if let tensor = sentence.option("tensor") { throw TextTaskError.tensorOfNothing(at: tensor.key.span) }
        return try made(sentence, model, named, data, labels: labels, &context)
    }

    // MARK: From the tower of texts

    private static func made(
        _ sentence: Sentence, _ model: OpenModel, _ named: (names: [String], list: String)?, _ data: OpenData,
        labels: [Int], _ context: inout CommandContext
    ) throws -> ClassEmbeddings {
        let tower = try model.textTower(for: .classes)
        let names: [String]
        if let named {
            names = named.names
        } else {
            guard let folders = data.entry.classNames, !folders.isEmpty else {
                throw TextTaskError.noClassNames(data: data.name)
            }
            names = ClassNames(folders: folders).names
            if names.allSatisfy({ $0.drop { "n" == $0 }.allSatisfy(\.isNumber) }) {
                context.warn(
                    "the classes are called \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : "")",
                    hint: "name them: evaluate zeroshot classes=\"names.txt\"")
            }
        }
        let places = try named.map { named in
            try ClassPlaces.places(
                of: data, labels: labels, names: named.names, count: names.count, list: named.list)
        }
        let templates = try templates(sentence, context)
        let prompts = try tower.encode(names.flatMap(templates.texts(for:)))
        context.warn(of: prompts, "prompts", in: tower)
        var key = try CacheKey("class embeddings", tower)
        key.recipe = ["tokens": prompts.digest, "templates": String(templates.count)]
        let values = try context.cachedEmbeddings(key, part: "class embeddings") { context in
            try tower.embedder().classEmbeddings(
                prompts.batch, templates: templates.count,
                monitor: context.monitor("embedding the classes' names"))
        }
        return ClassEmbeddings(
            values: values, places: places ?? Array(names.indices), identity: try key.hash,
            origin: .texts(templates: templates.count))
    }

    private static func templates(_ sentence: Sentence, _ context: CommandContext) throws -> Templates {
        switch sentence.option("templates")?.argument.value {
        case .string(let path)?: try Templates(path: context.readingFile(path))
        case .word(let word)?: Templates(Templates.BuiltIn(rawValue: word) ?? .photo)
        default: Templates()
        }
    }

    // MARK: From a file

    private static func read(
        _ file: ClassEmbeddingsFile, _ named: (names: [String], list: String)?, _ data: OpenData, labels: [Int],
        _ context: inout CommandContext
    ) throws -> ClassEmbeddings {
        let count = file.values.shape[0]
        let names = named?.names ?? file.names
        if let names, names.count != count {
            throw TextTaskError.embeddingNames(
                path: file.path, embeddings: count, names: names.count, list: named?.list)
        }
        let places = try ClassPlaces.places(
            of: data, labels: labels, names: names, count: count, list: named?.list ?? file.path)
        if file.isSquare {
            context.note("as many classes as dimensions: tensor \(file.tensor) is taken as (classes, D)")
        }
        let bytes = Data(bytes: file.values.pointer, count: file.values.count * MemoryLayout<Float>.stride)
        return ClassEmbeddings(
            values: file.values, places: places, identity: sha256(of: bytes), origin: .file(file.path))
    }
}
