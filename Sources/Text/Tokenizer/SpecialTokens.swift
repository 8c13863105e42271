import Checkpoints
import Foundation

/// Which names a tokenizer's configuration gives to its special tokens.
struct SpecialTokens {
    private var names: [SpecialRole: String] = [:]
    /// Ids that the configuration gives to names.
    private(set) var added: [String: Int32] = [:]

    private static let keys: [(SpecialRole, String)] = [
        (.start, "bos_token"), (.end, "eos_token"), (.padding, "pad_token"), (.unknown, "unk_token"),
    ]

    /// Reads `tokenizer_config.json` and `special_tokens_map.json` in a folder, where they are; the first says more.
    init(folder: String) throws {
        for name in ["tokenizer_config.json", "special_tokens_map.json"] {
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let file = try TextFile(path: path, limit: TextFile.tokenizerLimit)
            let json = try file.json()
            guard let members = json.object else {
                throw TextError.value(path: path, line: nil, key: "", expected: .object, found: json.described)
            }
            for (role, key) in Self.keys where names[role] == nil {
                guard let value = members[key], !value.isNull else { continue }
                guard let token = value.string ?? value["content"]?.string else {
                    throw TextError.value(path: path, line: nil, key: key, expected: .string, found: value.described)
                }
                names[role] = token
            }
            for (key, value) in members["added_tokens_decoder"]?.object ?? [:] {
                guard let id = Int32(key), (0...Int32(Vocabulary.largestID)).contains(id) else {
                    throw TextError.value(
                        path: path, line: nil, key: "added_tokens_decoder", expected: .tokenID, found: "\"\(key)\"")
                }
                if let token = value["content"]?.string { added[token] = id }
            }
        }
    }

    /// The name of a role; CLIP's own where no configuration gives one.
    func name(_ role: SpecialRole) -> String {
        names[role] ?? (role == .start ? SpecialNames.huggingFace.start : SpecialNames.huggingFace.end)
    }

    func isGiven(_ role: SpecialRole) -> Bool { names[role] != nil }
}
