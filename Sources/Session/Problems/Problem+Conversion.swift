import Language
import Models

extension Problem {
    static func words(_ error: ConversionError) -> Diagnostic {
        switch error {
        case .noCounterpart(let family, let library, let libraries):
            Diagnostic(
                "\(family.title) has no counterpart in \(library.title)",
                notes: libraries.isEmpty
                    ? []
                    : ["it can be written as " + libraries.map(\.rawValue).joined(separator: " or ")],
                hints: ["leave 'as' out to save it in its own format"]
                    + (libraries.isEmpty ? ["'help save' says which models can be written in another one"] : []))
        case .cannotExpress(let part, let target):
            Diagnostic(
                "\(target.title) cannot be this model: \(words(part))",
                notes: ["the file would compute something else"],
                hints: ["leave 'as' out to save it in its own format"])
        case .mixedTypes(let tensors):
            Diagnostic(
                "\(tensors.joined(separator: ", ")) would become one tensor, but are of several types",
                hints: ["leave 'as' out to save them as they are"])
        case .leftover(let tensors, let target):
            Diagnostic(
                "\(target.title) has no place for \(list(tensors))",
                hints: ["leave 'as' out to save the model in its own format"])
        }
    }

    private static func list(_ tensors: [String]) -> String {
        tensors.prefix(4).joined(separator: ", ")
            + (tensors.count > 4 ? " and \(tensors.count - 4) more" : "")
    }

    private static func words(_ part: ModelPart) -> String {
        switch part {
        case .headNorms: "it normalises queries and keys"
        case .innerNorms: "it has norms inside its branches"
        case .embeddingNorm: "it has a norm before the first block"
        case .noEmbeddingNorm: "it has no norm before the first block"
        case .layerScale: "it has layer scales"
        case .noLayerScale: "it does not have layer scales in every block"
        case .rootMeanSquareNorms: "it has RMS norms"
        case .normOrder: "its norms stand after the branches"
        case .normEpsilon(let epsilon): "its norms have the epsilon \(epsilon)"
        case .rotaryPositions: "it has rotary positions"
        case .noPositions: "it has no position embeddings"
        case .registers: "it has register tokens"
        case .registerPositions: "its register tokens have positions"
        case .distillationToken: "it has a distillation token"
        case .noDistillationToken: "it has no distillation token"
        case .noClassToken: "it has no class token"
        case .readout(let readout): "its feature is \(words(readout))"
        case .head(let head): "its classifier takes \(words(head))"
        case .projection: "it has a projection behind the feature"
        case .noProjection: "it has no projection of both towers to a shared space"
        case .gate: "it has gated MLPs"
        case .activation(let activation): "its activation is \(activation.word)"
        case .activations(let images, let texts):
            "its activation is \(images.word) for images and \(texts.word) for texts"
        case .bias(let tensor): "it has the bias \(tensor)"
        case .noBias(let layer): "\(layer) has no bias"
        case .shape(let extent): "\(extent) is not square"
        case .remainder(let image, let patch): "its images of \(image) don't split into patches of \(patch)"
        case .hiddenWidth(let hidden, let width, let isGated):
            isGated
                ? "its hidden width \(hidden) is not two thirds of a whole multiple of its width \(width), rounded up to eights"
                : "its hidden width \(hidden) is not a whole multiple of its width \(width)"
        case .noTexts: "it has no tower of texts that amp can read"
        case .endOfText(let end, let vocabulary):
            "its texts end with the id \(end), not with the highest, \(vocabulary - 1)"
        }
    }

    private static func words(_ readout: Readout) -> String {
        switch readout {
        case .classToken: "the class token"
        case .meanOfNormalised: "the mean of the patches after the final norm"
        case .normalisedMean: "the norm of the mean of the patches"
        case .attentionPool: "an attention pooling"
        case .endOfText: "the token that ends a text"
        }
    }

    private static func words(_ head: Head.Input) -> String {
        switch head {
        case .feature: "the class token alone"
        case .pooledClassToken: "the class token after a pooler"
        case .classTokenAndMean: "the class token and the mean of the patches"
        case .classAndDistillationTokens: "class and distillation token"
        case .meanOfNormalised, .meanOfPatches: "the mean of the patches"
        }
    }

    // MARK: Notes

    /// - Parameter prepared: the size in which pictures are prepared.
    static func words(_ note: ConversionNote, library: ModelLibrary, prepared: Extent?) -> String {
        switch note {
        case .leftOut(let tensors):
            "left out, as \(library.title)'s class has no place for it and no feature needs it: \(list(tensors))"
        case .normEpsilon(let source, let target, let library):
            "norms in \(library.title) have the epsilon \(target), these have \(source): features differ a little; "
                + "timm.create_model(…, norm_layer=partial(torch.nn.LayerNorm, eps=\(source))) makes them equal"
        case .resampling(let source, let target, let size):
            "images of another size than \(size)"
                + (prepared.map { $0 == size ? "" : ", such as the \($0) that pictures are prepared in here," } ?? "")
                + " get other features: position embeddings are then resampled by \(words(target)), not by "
                + words(source)
        case .noPooler(let name):
            "\(name) has a pooler, for which there are no weights: load it with add_pooling_layer=False"
        }
    }

    private static func words(_ resampling: Positions.Resampling) -> String {
        switch resampling {
        case .bicubic: "bicubic interpolation"
        case .shiftedBicubic: "bicubic interpolation to a grid 0.1 larger"
        case .antialiasedBicubic: "bicubic interpolation with antialiasing"
        }
    }
}
