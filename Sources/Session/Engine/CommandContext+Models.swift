import Checkpoints
import Foundation
import Images
import Language
import Models
import Report
import Tensor

/// A model of the session, opened.
struct OpenModel {
    let name: String
    let entry: ModelEntry
    /// With the values that its tensors have now.
    let model: Model
    /// As it was before it was pruned.
    let source: Model
    /// Of the weights on disk.
    let hash: SourceHash
    /// What its linear layers multiply.
    let precision: Precision

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
            if let json = model.checkpoint.openCLIP ?? model.checkpoint.config, json["preprocess_cfg"] != nil,
                channels == .rgb
            {
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

    /// What the model takes, for sentences.
    var inputs: StyledText { model.architecture.text == nil ? "images" : "texts" }
    var input: StyledText { model.architecture.text == nil ? "an image" : "a text" }

    var everything: KeptNeurons { KeptNeurons(allOf: depth) }

    /// The model before it was pruned: all its neurons, the checkpoint's values or those it was trained to while whole.
    var original: OpenModel {
        var entry = entry
        entry.kept = everything
        entry.revision = entry.base
        return OpenModel(
            name: name, entry: entry, model: source, source: source, hash: hash, precision: precision)
    }

    /// The same with other neurons kept.
    func keeping(_ kept: KeptNeurons) -> OpenModel {
        var entry = entry
        entry.kept = kept
        return OpenModel(name: name, entry: entry, model: model, source: source, hash: hash, precision: precision)
    }
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
        let hash = try verifiedHash(of: entry, name: name)
        dependencies.note(.model, name: name, path: entry.path) { try hash.value }
        let model = try library.model(path: entry.absolutePath, given: entry.given, stamp: entry.source)
        func revised(_ revision: Revision?) throws -> Model {
            try revision.map { try library.revised(model, by: revisions.weights($0, of: name)) } ?? model
        }
        return OpenModel(
            name: name, entry: entry, model: try revised(entry.revision), source: try revised(entry.base), hash: hash,
            precision: state.precision)
    }

    func transformer(
        _ model: OpenModel, keeping kept: KeptNeurons? = nil, forGradients: Bool = false
    ) throws -> Transformer {
        let kept = kept ?? model.entry.kept
        return try library.transformer(
            model.model, keeping: kept, use: memory(for: model, keeping: kept, forGradients: forGradients).use,
            precision: model.precision)
    }

    /// Bytes that weights and activations may take.
    var memoryLimit: Int { state.settings.memory ?? engine.defaults.memory ?? SessionState.halfOfMemory }

    /// How the memory limit is shared between a model's weights and the activations of a computation.
    func memory(for model: OpenModel, keeping kept: KeptNeurons, forGradients: Bool = false) -> MemoryShare {
        MemoryShare(
            limit: memoryLimit, weights: model.model.weightBytes(keeping: kept, precision: model.precision),
            precision: model.precision, directions: forGradients ? 2 : 1, threads: Parallel.threads)
    }

    /// Compares the source files with what they were when they were loaded.
    ///
    /// Size and time tell cheaply that nothing happened; otherwise the content's hash decides, where it is known.
    private func verifiedHash(of entry: ModelEntry, name: String) throws -> SourceHash {
        let (files, now) = try sourceFiles(of: entry, name: name)
        func hash(given: String?) -> SourceHash {
            SourceHash(files: files, stamp: now, given: given, store: store, monitor: monitor("hashing \(name)"))
        }
        if now.size == entry.source.size, now.modified == entry.source.modified {
            return hash(given: entry.source.hash)
        }
        let was = try entry.source.hash ?? SourceHash.remembered(FileStamp(entry.source), in: store)
        let isWorthReading = was != nil && (now.size == entry.source.size || now.size <= SourceHash.small)
        let found = isWorthReading ? try hash(given: nil).value : nil
        guard let found, found == was else {
            throw SessionError.sourceChanged(model: name, path: files[0], was: was, now: found)
        }
        return hash(given: found)
    }

    private func sourceFiles(of entry: ModelEntry, name: String) throws -> (files: [String], stamp: FileStamp) {
        do {
            let files = try Weights.files(at: Checkpoint.weightsFile(at: entry.absolutePath))
            return (files, try FileStamp(files: files))
        } catch let error as CheckpointError {
            guard case .notFound = error else { throw error }
            throw SessionError.sourceMoved(model: name, path: entry.absolutePath)
        }
    }

    /// The same for files that are being loaded.
    func sourceHash(of files: [String], name: String) throws -> (hash: SourceHash, source: SourceStamp) {
        let stamp = try FileStamp(files: files)
        var hash = SourceHash(files: files, stamp: stamp, given: nil, store: store, monitor: monitor("hashing \(name)"))
        let known = stamp.size <= SourceHash.small ? try sha256(ofFiles: files) : nil
        hash.given = known
        return (hash, SourceStamp(hash: known, size: stamp.size, modified: stamp.modified, inode: stamp.inode))
    }
}

/// A path with `~` resolved, as shells do: the home is where HOME says.
package func homeExpanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME").map({ String(cString: $0) }),
        home.hasPrefix("/")
    else { return (path as NSString).expandingTildeInPath }
    return home + path.dropFirst()
}

/// A path from the root, with `~` and `..` resolved.
func absolutePath(_ path: String) -> String {
    let expanded = homeExpanded(path)
    let whole = expanded.hasPrefix("/") ? expanded : FileManager.default.currentDirectoryPath + "/" + expanded
    return (whole as NSString).standardizingPath
}
