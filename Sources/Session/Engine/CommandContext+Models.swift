import Checkpoints
import Foundation
import Images
import Language
import Models
import Report

/// A model of the session, opened.
struct OpenModel {
    let name: String
    let entry: ModelEntry
    let model: Model

    var depth: Int { model.architecture.depth }

    /// "layer 12 (blocks.11)", counted from 0.
    func label(ofLayer index: Int) -> StyledText { "layer \(index + 1) (\(key: model.key(ofBlock: index)))" }

    /// How the model's pictures are prepared.
    var preprocessing: Preprocessing {
        get throws {
            guard let image = model.architecture.image else { throw ModelError.wrongInput(takesImages: false) }
            let size = PixelSize(height: image.size.height, width: image.size.width)
            guard let channels = PixelChannels(rawValue: image.channels) else {
                throw SessionError.noPreprocessing(model: name, channels: image.channels)
            }
            if let json = model.checkpoint.preprocessor {
                return try .huggingFace(json: json, modelSize: size, channels: channels)
            }
            if let json = model.checkpoint.openCLIP ?? model.checkpoint.config, json["preprocess_cfg"] != nil, channels == .rgb {
                return try .openCLIP(json: json, modelSize: size)
            }
            if let config = model.checkpoint.config, config["pretrained_cfg"] != nil {
                return try .timm(json: config, modelSize: size, channels: channels)
            }
            return switch model.architecture.family.pixels {
            case .imageNet: .defaults(size: size, channels: channels)
            case .clip:
                .defaults(
                    size: size, channels: channels, mean: Preprocessing.clipMean, std: Preprocessing.clipStd)
            case .half:
                .defaults(
                    size: size, channels: channels, mean: Preprocessing.halfMean, std: Preprocessing.halfStd)
            }
        }
    }

    /// The tokens of one input as it will see them, for counting operations: of the images it is made for, or of its
    /// longest text.
    var tokens: TokenShape {
        let a = model.architecture
        if let text = a.text { return TokenShape(count: text.length, grid: nil, image: nil) }
        let image = a.image
        let extent =
            (try? preprocessing).map { Extent(height: $0.size.height, width: $0.size.width) } ?? image?.size
            ?? Extent(square: 0)
        let grid = image?.grid(of: extent) ?? Extent(square: 0)
        return TokenShape(count: a.prefixTokens + grid.area, grid: grid, image: extent)
    }

    func cost(keeping kept: KeptNeurons) -> Cost { model.cost(keeping: kept, of: tokens) }

    var everything: KeptNeurons { KeptNeurons(allOf: depth) }
}

extension CommandContext {
    /// The model a sentence works on: `on NAME`, or the one in use.
    func model(for sentence: Sentence) throws -> OpenModel {
        if let name = sentence.string("on") {
            return try model(named: name, at: sentence.span(of: "on"))
        }
        guard let name = state.currentModel else { throw SessionError.noModel(verb: sentence.verb) }
        return try model(named: name, at: nil)
    }

    func model(named name: String, at span: SourceSpan?) throws -> OpenModel {
        guard let entry = state.models[name] else {
            throw SessionError.unknownModel(name, known: state.models.keys.sorted(), at: span)
        }
        let stamp = try verifiedStamp(of: entry, name: name)
        let model = try library.model(path: entry.absolutePath, given: entry.given, stamp: stamp)
        return OpenModel(name: name, entry: entry, model: model)
    }

    func transformer(_ model: OpenModel, keeping kept: KeptNeurons? = nil) throws -> Transformer {
        try library.transformer(model.model, keeping: kept ?? model.entry.kept)
    }

    /// Compares the source file with what it was when it was loaded.
    ///
    /// Size and time tell cheaply that nothing happened; otherwise the content's hash decides.
    private func verifiedStamp(of entry: ModelEntry, name: String) throws -> SourceStamp {
        let file: String
        do { file = try Checkpoint(path: entry.absolutePath).weights.path } catch CheckpointError.notFound {
            throw SessionError.sourceMoved(model: name, path: entry.absolutePath)
        }
        let now = try FileStamp(path: file)
        if now.size == entry.source.size, now.modified == entry.source.modified { return entry.source }
        let hash = try library.hash(of: file, now)
        guard hash == entry.source.hash else {
            throw SessionError.sourceChanged(model: name, path: file, was: entry.source.hash, now: hash)
        }
        return entry.source
    }
}

/// Size and modification time of a file.
struct FileStamp: Hashable {
    let size: Int
    let modified: Int

    init(path: String) throws(CheckpointError) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        size = Int(facts.st_size)
        modified = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
    }
}

/// A path from the root, with `~` and `..` resolved.
func absolutePath(_ path: String) -> String {
    let expanded = (path as NSString).expandingTildeInPath
    let whole = expanded.hasPrefix("/") ? expanded : FileManager.default.currentDirectoryPath + "/" + expanded
    return (whole as NSString).standardizingPath
}
