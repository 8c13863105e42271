import Foundation

extension Tokenizer {
    /// Reads the tokenizer beside a checkpoint: `tokenizer.json`, or `vocab.json` with `merges.txt`, or OpenAI's list of
    /// merges, in this order.
    /// - Parameter convention: that of the model's library; the file's own when nil
    /// - Throws: `TextError`; `.noTokenizer` where none of the files is.
    package init(folder: String, convention: TextConvention? = nil) throws {
        func path(_ name: String) -> String? {
            let path = folder + "/" + name
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        if let file = path("tokenizer.json") {
            try self.init(huggingFace: file, convention: convention ?? .huggingFace)
        } else if let vocabulary = path("vocab.json"), let merges = path("merges.txt") {
            try self.init(vocabulary: vocabulary, merges: merges, convention: convention ?? .huggingFace)
        } else if let merges = path("bpe_simple_vocab_16e6.txt.gz") ?? path("bpe_simple_vocab_16e6.txt") {
            try self.init(openCLIP: merges, convention: convention ?? .openCLIP)
        } else if let file = path("spiece.model") ?? path("tokenizer.model") ?? path("sentencepiece.bpe.model") {
            throw TextError.unsupportedTokenizer(path: file, reason: .sentencePiece)
        } else if let file = path("vocab.txt") {
            throw TextError.unsupportedTokenizer(path: file, reason: .wordPiece)
        } else {
            throw TextError.noTokenizer(folder: folder)
        }
    }

    /// The files that make a tokenizer, for messages.
    package static let fileNames = ["tokenizer.json", "vocab.json and merges.txt", "bpe_simple_vocab_16e6.txt.gz"]
}
