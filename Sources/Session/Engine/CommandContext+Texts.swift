import Checkpoints
import Evaluation
import Foundation
import Models
import Tensor
import Text

/// A model's tower of texts, with the tokenizer beside the checkpoint.
struct OpenTextTower {
    let model: OpenModel
    let architecture: Architecture
    let text: TextEmbedding
    let tokenizer: Tokenizer

    /// The texts as the tower takes them.
    func encode(_ texts: [String]) throws -> EncodedTexts {
        try tokenizer.encode(texts, contextLength: text.length)
    }

    /// Computes with the tower.
    func embedder() throws -> TextEmbedder {
        guard let transformer = try model.model.textTransformer(precision: model.precision) else {
            throw TextTaskError.noTextTower(model: model.name, holdsTexts: false, what: .captions)
        }
        return TextEmbedder(transformer)
    }
}

extension EncodedTexts {
    var batch: TokenBatch { TokenBatch(length: length, ids: ids) }

    /// Changes whenever a token does.
    var digest: String {
        var bytes = Data("\(length):".utf8)
        for id in ids { withUnsafeBytes(of: id.littleEndian) { bytes.append(contentsOf: $0) } }
        return sha256(of: bytes)
    }
}

extension OpenModel {
    /// How the model's library prepares texts.
    fileprivate var textConvention: TextConvention {
        // A checkpoint of OpenCLIP's can have Hugging Face's tokenizer files beside it.
        ["open_clip", "eva_clip"].contains(model.architecture.family.name) ? .openCLIP : .huggingFace
    }

    /// A way of preparing texts that the configuration asks for and amp does not have.
    fileprivate var foreignCleaning: String? {
        guard let config = model.checkpoint.openCLIP else { return nil }
        let cleaning = (config["model_cfg"] ?? config)["text_cfg"]?["tokenizer_kwargs"]?["clean"]?.string
        return cleaning == "lower" ? nil : cleaning
    }

    /// The tower of texts and its tokenizer.
    /// - Throws: `TextTaskError` where there is none or the two do not belong together, `TextError`.
    func textTower(for what: TextTaskError.Task) throws -> OpenTextTower {
        guard let tower = model.text, let text = tower.architecture.text else {
            let names = model.checkpoint.weights.names
            let holdsTexts = names.contains { name in
                ["text", "token_embedding", "model.text"].contains { name.hasPrefix($0) }
            }
            throw TextTaskError.noTextTower(model: name, holdsTexts: holdsTexts, what: what)
        }
        if let cleaning = foreignCleaning { throw TextTaskError.unknownCleaning(model: name, cleaning) }
        let tokenizer = try Tokenizer(folder: model.checkpoint.directory, convention: textConvention)
        try tokenizer.requireFit(rows: text.vocabulary)
        if let end = text.end, end != Int(tokenizer.endID) {
            throw TextTaskError.otherEnd(path: tokenizer.path, end: Int(tokenizer.endID), model: name, expected: end)
        }
        return OpenTextTower(model: self, architecture: tower.architecture, text: text, tokenizer: tokenizer)
    }
}

extension CommandContext {
    /// Says what could make embeddings of texts worse than they should be.
    mutating func warn(of texts: EncodedTexts, _ noun: String, in tower: OpenTextTower) {
        if texts.truncated > 0 {
            warn(
                """
                cut to the model's \(count: tower.text.length) tokens: \(count: texts.truncated) of \(count: texts.count) \
                \(noun)
                """)
        }
        let (own, rows) = (tower.tokenizer.vocabularySize, tower.text.vocabulary)
        if own < rows {
            warn(
                "the tokenizer has \(count: own) tokens, '\(tower.model.name)' \(count: rows)",
                hint: "check that \"\(tower.tokenizer.path)\" belongs to the model")
        }
    }
}
