import Checkpoints
import Foundation

extension Tokenizer {
    /// Reads `vocab.json` and the `merges.txt` beside it.
    /// - Throws: `TextError`.
    package init(vocabulary path: String, merges mergesPath: String, convention: TextConvention = .huggingFace) throws {
        let json = try TextFile(path: path, limit: TextFile.tokenizerLimit).json()
        var ids = try Self.ids(json, key: "", path: path)
        var lines = try TextFile(path: mergesPath, limit: TextFile.tokenizerLimit).lines()
        while lines.last?.isEmpty == true { lines.removeLast() }
        if lines.first?.hasPrefix("#version") == true { lines.removeFirst() }
        let pairs = try lines.enumerated().map { try Vocabulary.pair($1, path: mergesPath, merge: $0 + 1) }
        let tokens = try SpecialTokens(folder: (path as NSString).deletingLastPathComponent)
        ids.merge(tokens.added) { kept, _ in kept }
        try self.init(
            path: path, ids: ids, merges: pairs, mergesPath: mergesPath, convention: convention, tokens: tokens,
            ends: nil, unknown: tokens.name(.unknown), specials: Set(tokens.added.keys))
    }

    /// Reads a `tokenizer.json`.
    /// - Throws: `TextError`; `.unsupportedTokenizer` for any other tokenizer than CLIP's.
    package init(huggingFace path: String, convention: TextConvention = .huggingFace) throws {
        let json = try TextFile(path: path, limit: TextFile.tokenizerLimit).json()
        guard let model = json["model"], model.object != nil else {
            throw TextError.value(
                path: path, line: nil, key: "model", expected: .object, found: json["model"]?.described ?? "nothing")
        }
        if let reason = UnsupportedTokenizer(json, model: model) {
            throw TextError.unsupportedTokenizer(path: path, reason: reason)
        }
        var ids = try Self.ids(model["vocab"] ?? .null, key: "model.vocab", path: path)
        let tokens = try SpecialTokens(folder: (path as NSString).deletingLastPathComponent)
        let added = try Self.added(json, path: path)
        ids.merge(added) { $1 }
        try self.init(
            path: path, ids: ids, merges: try Self.merges(model, path: path), mergesPath: path, convention: convention,
            tokens: tokens, ends: Self.ends(json), unknown: model["unk_token"]?.string, specials: Set(added.keys))
    }

    private init(
        path: String, ids: [String: Int32], merges: [(String, String)], mergesPath: String, convention: TextConvention,
        tokens: SpecialTokens, ends: (start: String, end: String)?, unknown: String?, specials: Set<String>
    ) throws {
        func id(_ role: SpecialRole, _ name: String) throws -> Int32 {
            guard let id = ids[name] else { throw TextError.noSpecialToken(path: path, role: role, name: name) }
            return id
        }
        let startName = ends?.start ?? tokens.name(.start)
        let endName = ends?.end ?? tokens.name(.end)
        let (start, end) = (try id(.start, startName), try id(.end, endName))
        // CLIP's tokenizers pad with their end token unless a configuration says otherwise.
        let padding = tokens.isGiven(.padding) ? try id(.padding, tokens.name(.padding)) : end
        var names = specials.union([startName, endName])
        if tokens.isGiven(.padding) { names.insert(tokens.name(.padding)) }
        self.init(
            path: path, convention: convention,
            vocabulary: try Vocabulary(ids: ids, merges: merges, path: mergesPath), start: start, end: end,
            padding: convention == .openCLIP ? 0 : padding, unknown: try unknown.map { try id(.unknown, $0) },
            specials: names.compactMap { name in ids[name].map { (name, $0) } })
    }

    /// The ids of a vocabulary's pieces.
    private static func ids(_ json: JSON, key: String, path: String) throws -> [String: Int32] {
        guard let members = json.object else {
            throw TextError.value(path: path, line: nil, key: key, expected: .object, found: json.described)
        }
        return try members.reduce(into: Dictionary(minimumCapacity: members.count)) { ids, member in
            ids[member.key] = try id(member.value, key: key.isEmpty ? member.key : key + "." + member.key, path: path)
        }
    }

    private static func id(_ json: JSON, key: String, path: String) throws -> Int32 {
        guard let id = json.int, (0...Vocabulary.largestID).contains(id) else {
            throw TextError.value(path: path, line: nil, key: key, expected: .tokenID, found: json.described)
        }
        return Int32(id)
    }

    /// The merges, each a string with a space or an array of two.
    private static func merges(_ model: JSON, path: String) throws -> [(String, String)] {
        guard let merges = model["merges"]?.array else {
            throw TextError.value(
                path: path, line: nil, key: "model.merges", expected: .array,
                found: model["merges"]?.described ?? "nothing")
        }
        return try merges.enumerated().map { index, merge in
            if let text = merge.string { return try Vocabulary.pair(text, path: path, merge: index + 1) }
            guard let pair = merge.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string else {
                throw TextError.notAMerge(path: path, merge: index + 1, found: merge.described)
            }
            return (left, right)
        }
    }

    /// Tokens that stand outside the vocabulary or are no text.
    private static func added(_ json: JSON, path: String) throws -> [String: Int32] {
        var ids: [String: Int32] = [:]
        for (index, token) in (json["added_tokens"]?.array ?? []).enumerated() {
            let key = "added_tokens[\(index)]"
            guard let name = token["content"]?.string else {
                throw TextError.value(
                    path: path, line: nil, key: key + ".content", expected: .string,
                    found: token["content"]?.described ?? "nothing")
            }
            ids[name] = try id(token["id"] ?? .null, key: key + ".id", path: path)
        }
        return ids
    }

    /// The tokens that the file itself puts around a text.
    private static func ends(_ json: JSON) -> (start: String, end: String)? {
        guard let steps = json["post_processor"] else { return nil }
        if let start = steps["cls"]?.array?.first?.string, let end = steps["sep"]?.array?.first?.string {
            return (start, end)
        }
        let names = (steps["single"]?.array ?? []).compactMap { $0["SpecialToken"]?["id"]?.string }
        return names.count == 2 ? (names[0], names[1]) : nil
    }
}

extension UnsupportedTokenizer {
    /// What keeps a `tokenizer.json` from being CLIP's; nil when nothing does.
    init?(_ json: JSON, model: JSON) {
        let kind = model["type"]?.string ?? (model["merges"] == nil ? "none" : "BPE")
        guard kind == "BPE" else {
            self = .model(kind)
            return
        }
        guard model["end_of_word_suffix"]?.string == BytePieces.wordEnd else {
            self = .wordEnd(model["end_of_word_suffix"]?.string)
            return
        }
        let cutting = Self.steps(json["pre_tokenizer"], list: "pretokenizers")
        guard cutting.contains(where: { $0["type"] == "ByteLevel" }), model["byte_fallback"]?.bool != true else {
            self = .notByteLevel
            return
        }
        for step in cutting where step["type"] == "Split" {
            let pattern = step["pattern"]?["Regex"]?.string ?? step["pattern"]?["String"]?.string ?? ""
            guard pattern.hasSuffix(#"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#) else {
                self = .pattern(pattern)
                return
            }
        }
        let cleaning = Self.steps(json["normalizer"], list: "normalizers").compactMap { $0["type"]?.string }
        if let other = cleaning.first(where: { !["NFC", "Replace", "Lowercase", "Strip"].contains($0) }) {
            self = .cleaning(other)
            return
        }
        return nil
    }

    /// The steps of a sequence, or the one step there is.
    private static func steps(_ json: JSON?, list: String) -> [JSON] {
        guard let json, !json.isNull else { return [] }
        return json[list]?.array ?? [json]
    }
}
