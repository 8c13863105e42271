import Checkpoints

/// A model in another library's form: its tensors under that library's names, and the configuration that goes with them.
///
/// No value changes: tensors are cut, joined, transposed and renamed, and where a class asks for positions or a mask token
/// that the model does not have, they are zero. What the class can't be is an error.
package struct Conversion {
    package let library: ModelLibrary
    /// The architecture as the library's files tell it, of the source's widths.
    package let architecture: Architecture
    package let layout: TensorLayout
    /// In the order of the computation. Their bytes are read from the source when they are asked for.
    package let tensors: [TensorSource]
    package let configuration: JSON
    package let configurationName: String
    package let notes: [ConversionNote]
    /// Whether a tower of texts went along.
    package let hasTexts: Bool

    package init(of model: Model, keeping kept: KeptNeurons, to library: ModelLibrary) throws {
        let target = try TargetClass.of(library, for: model.architecture, model.layout)
        try target.check(model)
        var a = model.architecture
        a.family = target.dialect.family
        if model.layout.head == nil { a.head = nil }
        let (arranged, positioned) = try Self.arrange(model, keeping: kept, for: target, as: a)
        if case .image(var image) = a.embedding {
            let resampling = target.resampling(image)
            image.positions?.prefix = positioned
            image.positions?.resampling = resampling
            a.embedding = .image(image)
        }
        let left = arranged.left
        let needed = left.filter { !Self.canBeLeftOut($0) }
        guard needed.isEmpty else { throw ConversionError.leftover(tensors: needed, target: a.family) }
        var narrowed = a
        narrowed.hiddenWidths = model.widths(keeping: kept)
        self.library = library
        hasTexts = target.isDual
        architecture = a
        tensors = arranged.tensors
        let layout = TensorLayout(
            names: TensorNames(table: target.dialect.table, prefix: target.prefix(a), names: tensors.map(\.name)),
            architecture: narrowed, pool: nil)
        self.layout = layout
        let type = tensors.first { $0.name == layout.patchEmbedding?.weight.name }?.type ?? .float32
        guard let image = a.image else {
            throw ConversionError.noCounterpart(family: a.family, library: library, libraries: [])
        }
        let written = ConvertedModel(
            architecture: a, image: image, text: model.text?.architecture, layout: layout, type: type,
            hidden: Self.unprunedWidth(model))
        (configurationName, configuration) =
            switch library {
            case .timm: (Checkpoint.configName, written.timm)
            case .huggingFace: (Checkpoint.configName, try written.huggingFace())
            case .openCLIP: (Checkpoint.openCLIPName, written.openCLIP)
            }
        notes = Self.notes(on: a, of: model, for: target, left: left, configuration: configuration)
    }

    // MARK: Tensors

    /// The tensors, and how many of the leading tokens have positions.
    private static func arrange(
        _ model: Model, keeping kept: KeptNeurons, for target: TargetClass, as a: Architecture
    ) throws -> (Rearrangement, positioned: Int) {
        var rearrangement = Rearrangement(model.tensors(keeping: kept))
        let table = target.dialect.table
        let prefix = target.prefix(a)
        let source = model.layout
        guard let image = a.image, let own = image.positions, let positions = source.positions else {
            throw ConversionError.cannotExpress(.noPositions, target: a.family)
        }
        let tokens = [table.classToken] + (image.hasDistillationToken ? [table.distillationToken] : [])
        for (reference, name) in zip(source.prefixTokens, tokens + [table.registers]) {
            try rearrangement.copy(reference, to: name.map { prefix + $0 }, axes: target.hasBatchAxis ? 3 : nil)
        }
        if let name = target.maskToken {
            let known = rearrangement.takeIfPresent("mask_token")
            rearrangement.add(
                known.map { $0.renamed(prefix + name, shape: [1, a.width]) }
                    ?? .zeros(name: prefix + name, type: rearrangement.tensors[0].type, shape: [1, a.width]))
        }
        // What amp or a library gave zeros for want of positions goes back to having none.
        let isPlain =
            try target.canPositionPatchesOnly && image.registers > 0
            && rearrangement.isZero(positions, rows: 0..<own.prefix)
        let positioned = isPlain ? 0 : target.positioned(image)
        guard
            try rearrangement.positions(
                positions, of: own.prefix, for: positioned, to: prefix + (table.positions ?? ""),
                hasBatchAxis: target.hasBatchAxis)
        else { throw ConversionError.cannotExpress(.registerPositions, target: a.family) }
        try rearrangement.tower(source, isGated: a.isGated, table: table, prefix: prefix)
        if let text = model.text, let table = target.dialect.text?.table, target.isDual {
            try rearrangement.copy(text.layout.words, to: table.words.map { target.textPrefix + $0 })
            try rearrangement.copy(text.layout.positions, to: table.positions.map { target.textPrefix + $0 })
            try rearrangement.tower(
                text.layout, isGated: false, table: table, prefix: target.textPrefix)
            if let scale = rearrangement.takeIfPresent("logit_scale") {
                rearrangement.add(scale.renamed("logit_scale", shape: []))
            }
        }
        return (rearrangement, positioned)
    }

    /// Tensors that no feature needs: heads of other trainings, tables and counts.
    private static func canBeLeftOut(_ name: String) -> Bool {
        let optional: Set<Substring> = [
            "pooler", "mask_token", "dino_head", "ibot_head", "position_ids", "attn_mask", "input_resolution",
            "context_length", "vocab_size",
        ]
        return name.split(separator: ".").contains { optional.contains($0) }
    }

    /// The hidden width before any pruning, which the libraries' classes are built with; the widest where layers differ.
    private static func unprunedWidth(_ model: Model) -> Int {
        var widths = model.architecture.hiddenWidths
        var record = model.checkpoint.pruningRecord
        while let layers = record?["layers"]?.array {
            let earlier = layers.compactMap { $0["source_width"]?.int }
            guard earlier.count == widths.count else { break }
            widths = earlier
            record = record?["source"]?["record"]
        }
        return widths.max() ?? 0
    }

    private static func notes(
        on a: Architecture, of model: Model, for target: TargetClass, left: [String], configuration: JSON
    ) -> [ConversionNote] {
        var notes: [ConversionNote] = []
        if let epsilon = target.normEpsilon, epsilon != a.normEpsilon {
            notes.append(.normEpsilon(source: a.normEpsilon, target: epsilon, library: target.library))
        }
        let was = model.architecture.image?.positions?.resampling
        if let image = a.image, let was, let now = image.positions?.resampling, was != now {
            notes.append(.resampling(source: was, target: now, size: image.size))
        }
        if let name = configuration["architectures"]?.array?.first?.string, ["ViTModel", "DeiTModel"].contains(name) {
            notes.append(.noPooler(className: name))
        }
        if !left.isEmpty { notes.append(.leftOut(tensors: left)) }
        return notes
    }
}

extension Rearrangement {
    /// What towers of images and of texts share, and what stands behind them.
    mutating func tower(_ source: TensorLayout, isGated: Bool, table: TensorTable, prefix: String) throws {
        func full(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : prefix + name }
        func full(_ layer: LayerNames?) -> LayerNames? {
            layer.map { LayerNames(weight: full($0.weight), bias: full($0.bias)) }
        }
        // Gates are packed in every library's files; where there are two such names, the gate's is the second.
        let packed = table.mlp.filter { $0.input.weights.count == 1 }
        guard let mlp = isGated ? packed.last : packed.first else { return }
        try copy(source.patchEmbedding, to: full(table.patchEmbedding))
        try copy(source.embeddingNorm, to: full(table.embeddingNorm))
        for (index, block) in source.blocks.enumerated() {
            let part = PartNames(block: prefix + table.block.replacing("#", with: String(index)) + ".")
            try copy(block.attentionNorm, to: part(table.attentionNorm))
            try stack(block.attention, to: part(table.attention[0]))
            try copy(block.attentionOutput, to: part(table.attentionOutput))
            try copy(block.attentionScale, to: table.attentionScale.map { part($0) })
            try copy(block.mlpNorm, to: part(table.mlpNorm))
            try stack(block.mlp.input, to: part(mlp.input))
            try copy(block.mlp.output, to: part(mlp.output))
            try copy(block.mlpScale, to: table.mlpScale.map { part($0) })
        }
        try copy(source.finalNorm, to: full(table.finalNorm))
        try copy(source.head, to: full(table.head.first))
        try copy(source.distillationHead, to: full(table.distillationHead))
        try projection(source.projection, to: table.projection, prefix: prefix)
    }
}
