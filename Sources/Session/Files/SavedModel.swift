import Checkpoints
import Foundation
import Images
import Models

/// The files of a model that is written, and what there is to say about them.
struct SavedModel {
    private(set) var files: [FolderDestination.File] = []
    private(set) var notes: [String] = []

    /// In the checkpoint's own form, its configuration byte for byte.
    init(_ model: OpenModel) throws {
        let checkpoint = model.model.checkpoint
        add(model, model.model.tensors(keeping: model.entry.kept), metadata: checkpoint.weights.metadata)
        copy([Checkpoint.configName, Checkpoint.openCLIPName, Checkpoint.preprocessorName], of: checkpoint)
        copy(Self.tokenizerFiles, of: checkpoint)
        try add(PruningRecord(model, architecture: model.model.architecture, layout: model.model.layout))
    }

    /// In another library's form.
    init(_ model: OpenModel, as conversion: Conversion) throws {
        var metadata = model.model.checkpoint.weights.metadata ?? [:]
        // Hugging Face's library asks for it.
        metadata["format"] = "pt"
        add(model, conversion.tensors, metadata: metadata)
        let preprocessing = try? model.preprocessing
        let prepared = preprocessing.map { Extent(height: $0.size.height, width: $0.size.width) }
        notes = conversion.notes.map { Problem.words($0, library: conversion.library, prepared: prepared) }
        addConfiguration(conversion, preprocessing)
        if conversion.hasTexts { copy(Self.tokenizerFiles, of: model.model.checkpoint) }
        try add(PruningRecord(model, architecture: conversion.architecture, layout: conversion.layout))
    }

    /// What libraries put beside a model of texts.
    private static let tokenizerFiles = [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
        "merges.txt", "vocab.txt", "spiece.model", "bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt",
    ]

    private mutating func copy(_ names: [String], of checkpoint: Checkpoint) {
        for name in names {
            if let data = checkpoint.rawFile(name) { files.append((name, .exact, { file in try file.write(data) })) }
        }
    }

    /// Cut out of others, weights are the same everywhere; trained or compensated, their last bits may differ.
    private mutating func add(_ model: OpenModel, _ tensors: [TensorSource], metadata: [String: String]?) {
        files.append(
            (
                Checkpoint.weightsName, model.entry.revision == nil ? .exact : .figures,
                { file in try SafetensorsWriter.write(tensors, metadata: metadata, to: file) }
            ))
    }

    /// A tolerance in percent is one in nats of a computed entropy.
    private mutating func add(_ record: PruningRecord) throws {
        add(Checkpoint.pruningRecordName, record.json, .figures)
    }

    private mutating func add(_ name: String, _ json: JSON, _ recurrence: Recurrence = .exact) {
        files.append((name, recurrence, { file in try file.write(json.encoded(pretty: true)) }))
    }

    /// The configuration of the model with the preparation of its pictures, where the library keeps that.
    private mutating func addConfiguration(_ conversion: Conversion, _ preprocessing: Preprocessing?) {
        var configuration = conversion.configuration
        var written: PreprocessingFields?
        switch conversion.library {
        case .timm:
            written = preprocessing?.timmFields
            configuration.merge(written?.json, under: "pretrained_cfg")
            // Pictures of another size than the checkpoint's need a model that takes them.
            if let size = conversion.architecture.image?.size, let preprocessing,
                preprocessing.size != PixelSize(height: size.height, width: size.width)
            {
                configuration.merge(.object(["dynamic_img_size": true]), under: "model_args")
                configuration.merge(.object(["fixed_input_size": false]), under: "pretrained_cfg")
            }
        case .huggingFace:
            let isCLIP = conversion.architecture.projection != nil
            written = preprocessing?.huggingFaceFields(cropping: isCLIP ? "CLIPImageProcessor" : "BitImageProcessor")
        case .openCLIP:
            written = preprocessing?.openCLIPFields
            configuration.merge(written?.json, under: "preprocess_cfg")
        }
        add(conversion.configurationName, configuration)
        if conversion.library == .huggingFace, let written { add(Checkpoint.preprocessorName, written.json) }
        if preprocessing != nil, written == nil {
            notes.append("\(conversion.library.title) can't say how pictures are prepared here: prepare them yourself")
        } else if written?.roundsCropsOtherwise ?? false {
            notes.append("\(conversion.library.title) may cut pictures one pixel beside where they were cut here")
        }
    }
}

extension JSON {
    /// Sets members of an object inside this one.
    fileprivate mutating func merge(_ members: JSON?, under key: String) {
        guard let members = members?.object else { return }
        self[key] = .object((self[key]?.object ?? [:]).merging(members, uniquingKeysWith: { $1 }))
    }
}
