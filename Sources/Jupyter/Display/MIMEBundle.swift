/// One thing in several forms, of which a client shows the richest it can.
struct MIMEBundle: Encodable, Sendable, Hashable {
    enum Form: String, Sendable {
        case plain = "text/plain"
        case html = "text/html"
        case svg = "image/svg+xml"
    }

    private let forms: [String: String]

    init(_ forms: [Form: String]) {
        self.forms = Dictionary(uniqueKeysWithValues: forms.map { ($0.key.rawValue, $0.value) })
    }

    func encode(to encoder: any Encoder) throws { try forms.encode(to: encoder) }
}

struct DisplayData: Content {
    static let type = MessageType.displayData
    let data: MIMEBundle
    let metadata: [String: String] = [:]
    let transient: DisplayPlace
}

struct UpdateDisplayData: Content {
    static let type = MessageType.updateDisplayData
    let data: MIMEBundle
    let metadata: [String: String] = [:]
    let transient: DisplayPlace
}

/// The name under which what is shown may be replaced; nil for what stays.
struct DisplayPlace: Encodable {
    var displayId: String?
}
