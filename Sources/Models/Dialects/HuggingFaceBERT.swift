import Checkpoints
import Tensor

extension Dialect {
    /// Hugging Face `BertModel` and the models built on it. The feature is the last hidden state of the first token.
    static let huggingFaceBERT = Dialect(
        family: Family(name: "hf_bert", title: "Hugging Face BERT"),
        table: TensorTable(
            words: "embeddings.word_embeddings.weight",
            segments: "embeddings.token_type_embeddings.weight",
            positions: "embeddings.position_embeddings.weight",
            embeddingNorm: "embeddings.LayerNorm",
            block: "encoder.layer.#",
            attentionNorm: "attention.output.LayerNorm",
            attention: [StackedNames("attention.self.query", "attention.self.key", "attention.self.value")],
            attentionOutput: "attention.output.dense",
            mlpNorm: "output.LayerNorm",
            mlp: [MLPNames(input: StackedNames("intermediate.dense"), output: "output.dense")],
            head: ["/classifier"],
            pooler: "pooler.dense",
            // Pooler and heads lie beyond the feature.
            carried: ["pooler.*", "/classifier.*", "/cls.*", "/qa_outputs.*"],
            constants: ["embeddings.position_ids"]),
        prefixes: ["bert.", ""],
        architecture: { evidence throws(ModelError) in
            if let kind = try evidence.string("position_embedding_type"), kind != "absolute" {
                throw .unsupportedVariant(family: evidence.family, what: "\(kind) positions")
            }
            var keys = ConfigurationKeys.huggingFace
            (keys.channels, keys.patch, keys.image) = (nil, nil, nil)
            var architecture = try evidence.textArchitecture(
                keys: keys,
                defaults: LibraryDefaults(epsilon: 1e-12, heads: 12),
                hidden: (evidence.integer("intermediate_size"), "intermediate_size"))
            architecture.normOrder = .after
            // A classifier without the pooler is one of each token.
            if evidence.has("pooler.dense.weight") {
                architecture.head = try evidence.huggingFaceHead(input: .pooledClassToken)
            }
            return architecture
        })
}
