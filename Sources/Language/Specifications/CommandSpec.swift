/// One command as data: what the parser accepts, what completion offers, what help and the manual say.
package struct CommandSpec: Sendable {
    package let verb: String
    /// One line, lower case, no full stop.
    package let summary: String
    /// Whether a unique prefix stands for the verb at the keyboard; never for what cannot be taken back.
    package let abbreviable: Bool
    package let object: ObjectShape
    /// The clauses in canonical order; a choice may add its own after these.
    package let clauses: [ClauseSpec]
    /// The options in canonical order; a choice's own come first.
    package let options: [OptionSpec]
    /// Set if options of any key are taken, as the parameters of `run`.
    package let openOptions: ValueType?
    /// Messages for what users are known to try here.
    package let remarks: [Remark]
    /// Paragraphs for the help page; empty if the summary says it all.
    package let help: String
    package let examples: [Example]

    package init(
        _ verb: String, _ summary: String, abbreviable: Bool = true, object: ObjectShape = .none,
        clauses: [ClauseSpec] = [], options: [OptionSpec] = [], openOptions: ValueType? = nil,
        remarks: [Remark] = [], help: String = "", examples: [Example] = []
    ) {
        self.verb = verb
        self.summary = summary
        self.abbreviable = abbreviable
        self.object = object
        self.clauses = clauses
        self.options = options
        self.openOptions = openOptions
        self.remarks = remarks
        self.help = help
        self.examples = examples
    }
}

/// A sentence that runs, and what it is good for.
package struct Example: Hashable, Sendable, ExpressibleByStringLiteral {
    package let text: String
    package let comment: String

    package init(_ text: String, _ comment: String = "") {
        self.text = text
        self.comment = comment
    }

    package init(stringLiteral text: String) { self.init(text) }
}

/// A message of a command's own for something known to be tried in vain, such as `prune 0.5`.
package struct Remark: Sendable {
    package enum Trigger: Hashable, Sendable {
        /// A number or percentage where none belongs.
        case number
        case string
        case word(String)
        case anyWord
    }

    package let trigger: Trigger
    package let message: String
    package let label: String?
    package let hint: String?

    package init(on trigger: Trigger, _ message: String, label: String? = nil, hint: String? = nil) {
        self.trigger = trigger
        self.message = message
        self.label = label
        self.hint = hint
    }
}
