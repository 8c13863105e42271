/// The words around a cursor that someone who asks for help there may mean.
package struct SentenceWords {
    /// The word the cursor is in or behind, then the first of its sentence.
    package let subjects: [String]

    /// - Parameter cursor: in Unicode scalars.
    package init(_ text: String, cursor: Int) {
        var (first, current): (String?, String?) = (nil, nil)
        var word = String.UnicodeScalarView()
        var start = 0
        var isQuoted = false
        var isComment = false
        let scalars = Array(text.unicodeScalars)
        let cursor = min(max(cursor, 0), scalars.count)

        /// Takes in the word that ends at `end`.
        func endWord(at end: Int) {
            defer { word = String.UnicodeScalarView() }
            guard !word.isEmpty else { return }
            if first == nil { first = String(word) }
            if start <= cursor, cursor <= end { current = String(word) }
        }

        for index in 0...scalars.count {
            let scalar = index < scalars.count ? scalars[index] : "\n"
            let endsLine = scalar == "\n" || scalar == "\r"
            if endsLine { (isComment, isQuoted) = (false, false) }
            if isComment { continue }
            if scalar == "\"" { isQuoted.toggle() }
            if !isQuoted, scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic || ("0"..."9") ~= scalar {
                if word.isEmpty { start = index }
                word.append(scalar)
                continue
            }
            endWord(at: index)
            if isQuoted { continue }
            if scalar == "#" { isComment = true }
            if endsLine || scalar == ";" || scalar == "{" || scalar == "}" {
                // The cursor's sentence is over.
                if index >= cursor { break }
                (first, current) = (nil, nil)
            }
        }
        subjects = [current, first].compactMap { $0 }
    }
}
