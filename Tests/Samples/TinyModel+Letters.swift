import Checkpoints

// A tokenizer of single letters for models that take texts.
extension TinyModel {
    /// Letters, digits and some signs, inside a word and at its end; then the two tokens around a text.
    static var letterPieces: [String] {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!'".map { String($0) }
        return letters + letters.map { $0 + "</w>" } + ["<|startoftext|>", "<|endoftext|>"]
    }

    /// A `tokenizer.json` without merges.
    package static var letterTokenizer: JSON {
        let pieces = letterPieces
        let ids = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, JSON.number(Double($0))) })
        return [
            "added_tokens": .array(
                pieces.suffix(2).map { ["content": .string($0), "id": ids[$0] ?? .null, "special": true] }),
            "normalizer": ["type": "Lowercase"],
            "pre_tokenizer": ["type": "ByteLevel"],
            "post_processor": [
                "type": "RobertaProcessing", "cls": .array([.string(pieces[pieces.count - 2]), 0]),
                "sep": .array([.string(pieces[pieces.count - 1]), 0]),
            ],
            "model": [
                "type": "BPE", "end_of_word_suffix": "</w>", "unk_token": .string(pieces[pieces.count - 1]),
                "vocab": .object(ids), "merges": .array([]),
            ],
        ]
    }
}
