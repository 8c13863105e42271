extension Script {
    /// A sentence as it stands in the text: with the comments that lead to it and the one behind it on its line. The last
    /// one also has what is said after it.
    ///
    /// - Parameter index: of `sentences`.
    package func passage(of index: Int) -> String {
        guard sentences.indices.contains(index) else { return "" }
        let start = index == 0 ? versionLine.end : end(ofLineWith: sentences[index - 1])
        let isLast = index == sentences.count - 1
        let end = isLast ? source.scalars.count : end(ofLineWith: sentences[index])
        let opening = index == 0 ? source[SourceSpan(0, versionLine.start)] : ""
        return (opening + source[SourceSpan(start, end)]).trimmingBlankLines
    }

    /// Where `amp 1` stands; empty where it does not.
    private var versionLine: SourceSpan {
        guard version != nil else { return SourceSpan(0, 0) }
        let tokens = Lexer.tokens(of: source).drop { $0.kind == .end }.prefix(2)
        guard let first = tokens.first, let last = tokens.last else { return SourceSpan(0, 0) }
        return first.span.union(last.span)
    }

    /// Behind a sentence, its `;` and the comment that follows it on its line.
    private func end(ofLineWith sentence: Sentence) -> Int {
        var index = sentence.span.end
        while index < source.scalars.count, !source.scalars[index].endsLine {
            let scalar = source.scalars[index]
            if scalar == "#" { return source.line(around: index).end }
            index += 1
            // What follows on the line belongs to the next sentence, if it is one.
            if scalar == ";" {
                let rest = source[SourceSpan(index, source.line(around: index).end)]
                let comment = rest.drop { $0.isWhitespace }
                return comment.hasPrefix("#") ? source.line(around: index).end : index
            }
        }
        return index
    }
}

/// A sentence with what is said around it, taken apart.
package struct Passage: Hashable, Sendable {
    /// The comments before it, without their marks: text in paragraphs.
    package let opening: String
    /// The sentence as it is written, with the comment behind it on its line.
    package let sentence: String
    /// The comments on the lines after it.
    package let closing: String

    package init(_ text: String) {
        let source = Source(text)
        let tokens = Lexer.tokens(of: source).filter { $0.kind != .end && $0.kind != .endOfText }
        guard let first = tokens.first, let last = tokens.last else {
            opening = Passage.remark(text)
            sentence = ""
            closing = ""
            return
        }
        var end = source.line(around: last.span.end).end
        if !source.scalars[last.span.end..<end].contains("#") { end = last.span.end }
        opening = Passage.remark(source[SourceSpan(0, first.span.start)])
        sentence = source[SourceSpan(first.span.start, end)].trimmingBlankLines
        closing = Passage.remark(source[SourceSpan(end, source.scalars.count)])
    }

    /// What comments say: each line without its `#` and the blank behind it. Lines without a comment part paragraphs.
    private static func remark(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line -> String in
            let comment = line.drop { $0.isWhitespace || $0 == ";" || $0 == "\u{FEFF}" }
            guard comment.hasPrefix("#"), !comment.hasPrefix("#!") else { return "" }
            let words = comment.dropFirst()
            return String(words.hasPrefix(" ") ? words.dropFirst() : words)
        }
        return lines.joined(separator: "\n").trimmingBlankLines
    }
}

extension String {
    /// Without blank lines at its beginning and its end, and without blanks at the end.
    fileprivate var trimmingBlankLines: String {
        var lines = split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        var text = lines.joined(separator: "\n")
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }
}
