/// One thing a sentence has to say; a sentence answers with a list of them.
///
/// Outputs are kept in the session's journal and rendered as often as wanted. All kinds but `status` are the
/// same on every run of the same script; `status` is where timings and "from the cache" belong.
package enum Output: Sendable, Hashable {
    /// A paragraph, with its figures for machines.
    case line(StyledText, data: Fields = [:])
    case note(StyledText, data: Fields = [:])
    case warning(StyledText, hint: StyledText? = nil)
    case table(Table)
    case bars(Bars)
    case trace(SearchTrace)
    case figure(Figure)
    /// What differs from run to run; rendered apart from everything else.
    case status(StyledText, data: Fields = [:])

    package var isStatus: Bool {
        if case .status = self { true } else { false }
    }
}

/// Stored as `{"kind": "line", "text": …}`: the names are part of the session file's format.
extension Output: Codable {
    private enum Kind: String, Codable { case line, note, warning, table, bars, trace, figure, status }
    private enum Key: CodingKey { case kind, text, data, hint, table, bars, trace, figure }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func text() throws -> StyledText { try container.decode(StyledText.self, forKey: .text) }
        func data() throws -> Fields { try container.decodeIfPresent(Fields.self, forKey: .data) ?? [:] }
        switch try container.decode(Kind.self, forKey: .kind) {
        case .line: self = .line(try text(), data: try data())
        case .note: self = .note(try text(), data: try data())
        case .warning: self = .warning(try text(), hint: try container.decodeIfPresent(StyledText.self, forKey: .hint))
        case .table: self = .table(try container.decode(Table.self, forKey: .table))
        case .bars: self = .bars(try container.decode(Bars.self, forKey: .bars))
        case .trace: self = .trace(try container.decode(SearchTrace.self, forKey: .trace))
        case .figure: self = .figure(try container.decode(Figure.self, forKey: .figure))
        case .status: self = .status(try text(), data: try data())
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func paragraph(_ kind: Kind, _ text: StyledText, _ data: Fields) throws {
            try container.encode(kind, forKey: .kind)
            try container.encode(text, forKey: .text)
            if !data.isEmpty { try container.encode(data, forKey: .data) }
        }
        switch self {
        case .line(let text, let data): try paragraph(.line, text, data)
        case .note(let text, let data): try paragraph(.note, text, data)
        case .status(let text, let data): try paragraph(.status, text, data)
        case .warning(let text, let hint):
            try paragraph(.warning, text, [:])
            try container.encodeIfPresent(hint, forKey: .hint)
        case .table(let table):
            try container.encode(Kind.table, forKey: .kind)
            try container.encode(table, forKey: .table)
        case .bars(let bars):
            try container.encode(Kind.bars, forKey: .kind)
            try container.encode(bars, forKey: .bars)
        case .trace(let trace):
            try container.encode(Kind.trace, forKey: .kind)
            try container.encode(trace, forKey: .trace)
        case .figure(let figure):
            try container.encode(Kind.figure, forKey: .kind)
            try container.encode(figure, forKey: .figure)
        }
    }
}
