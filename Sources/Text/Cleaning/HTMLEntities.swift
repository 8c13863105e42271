/// Character references of HTML: those of HTML 4 by name, all by number.
///
/// Follows the HTML standard's rules for references, as Python's `html.unescape` does.
enum HTMLEntities {
    /// The text with each reference replaced by what it stands for.
    /// - Parameter closedOnly: leave references that don't end in a semicolon
    static func unescape(_ text: String, closedOnly: Bool = false) -> String {
        let source = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < source.count {
            if source[index] == "&", let found = reference(source[(index + 1)...]), !closedOnly || found.isClosed {
                result.append(contentsOf: found.scalars)
                index += 1 + found.length
            } else {
                result.append(source[index])
                index += 1
            }
        }
        return String(result)
    }

    private struct Reference {
        let scalars: [Unicode.Scalar]
        /// Scalars after the ampersand that are replaced.
        let length: Int
        let isClosed: Bool
    }

    private static func reference(_ rest: ArraySlice<Unicode.Scalar>) -> Reference? {
        rest.first == "#" ? number(rest.dropFirst()) : name(rest)
    }

    private static func number(_ rest: ArraySlice<Unicode.Scalar>) -> Reference? {
        let isHexadecimal = rest.first == "x" || rest.first == "X"
        let radix: UInt32 = isHexadecimal ? 16 : 10
        let digits = (isHexadecimal ? rest.dropFirst() : rest).prefix { scalar in
            scalar.isASCII && (isHexadecimal ? scalar.properties.isASCIIHexDigit : ("0"..."9").contains(scalar))
        }
        guard !digits.isEmpty else { return nil }
        var value: UInt32 = 0
        for digit in digits where value <= 0x10FFFF {
            value = value * radix + UInt32(Character(digit).hexDigitValue ?? 0)
        }
        let isClosed = digits.endIndex < rest.endIndex && rest[digits.endIndex] == ";"
        return Reference(
            scalars: scalars(of: value), length: 1 + (digits.endIndex - rest.startIndex) + (isClosed ? 1 : 0),
            isClosed: isClosed)
    }

    /// What a number stands for: Windows-1252 for the second block of controls, nothing for what is no character.
    private static func scalars(of value: UInt32) -> [Unicode.Scalar] {
        switch value {
        case 0, 0xD800...0xDFFF, 0x110000...: return ["\u{FFFD}"]
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return []
        default: return value & 0xFFFE == 0xFFFE ? [] : Unicode.Scalar(value).map { [decoded($0)] } ?? []
        }
    }

    /// The character that Windows-1252 has for a control of the second block; any other as it is.
    static func decoded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x80...0x9F).contains(scalar.value) ? windows1252[Int(scalar.value) - 0x80] : scalar
    }

    private static func name(_ rest: ArraySlice<Unicode.Scalar>) -> Reference? {
        let letters = rest.prefix(longestName).prefix { $0.isASCII && ($0.properties.isAlphabetic || $0.isDigit) }
        let word = String(String.UnicodeScalarView(letters))
        if letters.endIndex < rest.endIndex, rest[letters.endIndex] == ";", let scalar = names[word] {
            return Reference(scalars: [scalar], length: letters.count + 1, isClosed: true)
        }
        // Old names need no semicolon, and other letters may follow them.
        for length in stride(from: letters.count, to: 1, by: -1) {
            if let scalar = openNames[String(word.prefix(length))] {
                return Reference(scalars: [scalar], length: length, isClosed: false)
            }
        }
        return nil
    }

    private static let longestName = 8

    /// What may stand without a semicolon: Latin-1 and the signs of markup.
    private static let openNames: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "AMP": "&", "LT": "<", "GT": ">", "QUOT": "\"",
            "COPY": "©", "REG": "®",
        ]
        for (offset, name) in latin1.split(separator: " ").enumerated() {
            table[String(name)] = Unicode.Scalar(0xA0 + UInt8(offset))
        }
        return table
    }()

    private static let names: [String: Unicode.Scalar] = {
        var table = openNames
        table["apos"] = "'"
        table["TRADE"] = "™"
        var words = others.split(separator: " ")[...]
        while let name = words.popFirst(), let character = words.popFirst() {
            table[String(name)] = character.unicodeScalars.first
        }
        let invisible: [String: Unicode.Scalar] = [
            "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}", "zwnj": "\u{200C}", "zwj": "\u{200D}",
            "lrm": "\u{200E}", "rlm": "\u{200F}",
        ]
        return table.merging(invisible) { $1 }
    }()

    /// U+00A0 to U+00FF in order.
    private static let latin1 = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
        micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
        Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
        Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
        ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
        uuml yacute thorn yuml
        """

    /// Symbols, Greek letters and typography.
    private static let others = """
        OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ fnof ƒ circ ˆ tilde ˜ Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ \
        Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ \
        Psi Ψ Omega Ω alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν \
        xi ξ omicron ο pi π rho ρ sigmaf ς sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω thetasym ϑ upsih ϒ piv ϖ \
        ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ dagger † Dagger ‡ bull • hellip … permil ‰ \
        prime ′ Prime ″ lsaquo ‹ rsaquo › oline ‾ frasl ⁄ euro € image ℑ weierp ℘ real ℜ trade ™ alefsym ℵ larr ← uarr ↑ \
        rarr → darr ↓ harr ↔ crarr ↵ lArr ⇐ uArr ⇑ rArr ⇒ dArr ⇓ hArr ⇔ forall ∀ part ∂ exist ∃ empty ∅ nabla ∇ isin ∈ \
        notin ∉ ni ∋ prod ∏ sum ∑ minus − lowast ∗ radic √ prop ∝ infin ∞ ang ∠ and ∧ or ∨ cap ∩ cup ∪ int ∫ there4 ∴ \
        sim ∼ cong ≅ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ nsub ⊄ sube ⊆ supe ⊇ oplus ⊕ otimes ⊗ perp ⊥ sdot ⋅ \
        lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lang ⟨ rang ⟩ loz ◊ spades ♠ clubs ♣ hearts ♥ diams ♦
        """

    /// U+0080 to U+009F as Windows-1252 has them.
    private static let windows1252: [Unicode.Scalar] = [
        "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž", "\u{8F}",
        "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}", "ž", "Ÿ",
    ]
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
