import Foundation

/// A transcript as Markdown: what is said as it was written, cells as a terminal shows them, figures as pictures.
package struct MarkdownDocument: Sendable, Hashable {
    /// Where the pictures are.
    package enum Pictures: Sendable, Hashable {
        /// In the document itself.
        case within
        /// In files beside it, whose names begin with this.
        case beside(stem: String)
    }

    package struct Picture: Sendable, Hashable {
        package let name: String
        package let svg: String
    }

    private static let width = 80

    package let text: String
    /// The files the document refers to.
    package let pictures: [Picture]

    package init(_ transcript: Transcript, pictures: Pictures = .within) {
        let (title, cells, closing) = transcript.titled
        var writer = Writer(pictures: pictures)
        writer.add("# \(title)")
        for cell in cells {
            writer.add(cell.opening.text)
            writer.add(cell)
        }
        writer.add(closing.text)
        writer.close()
        if !transcript.provenance.isEmpty {
            writer.add("## What it rests on")
            let details = transcript.provenance.map {
                "- \(Markdown.escaped($0.name)): \(Markdown.escaped($0.value))"
            }
            writer.add(details.joined(separator: "\n"))
        }
        text = writer.blocks.joined(separator: "\n\n") + "\n"
        self.pictures = writer.files
    }

    private struct Writer {
        let pictures: Pictures
        var blocks: [String] = []
        var files: [Picture] = []
        /// Of cells between which nothing is said.
        private var lines: [String] = []

        init(pictures: Pictures) { self.pictures = pictures }

        mutating func add(_ text: String) {
            let text = text.trimmed
            guard !text.isEmpty else { return }
            close()
            blocks.append(text)
        }

        mutating func add(_ cell: Transcript.Cell) {
            let number = "[\(cell.number)] "
            let sentence = cell.sentence.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            lines.append(number + (sentence.first ?? ""))
            lines += sentence.dropFirst().map { String(repeating: " ", count: number.count) + $0 }
            let renderer = TextRenderer(width: MarkdownDocument.width, indent: 4)
            for output in cell.outputs.filter({ !$0.isStatus }) + cell.outputs.filter(\.isStatus) {
                if case .figure(let figure) = output {
                    add(figure)
                } else {
                    lines += renderer.lines(of: output)
                }
            }
            lines += cell.error?.split(whereSeparator: \.isNewline).map { "    " + $0 } ?? []
            if cell.status == .interrupted { lines.append("    interrupted") }
            if cell.isUndone { lines.append("    undone") }
        }

        mutating func close() {
            if !lines.isEmpty { blocks.append(Markdown.fenced(lines.joined(separator: "\n"), as: "text")) }
            lines = []
        }

        private mutating func add(_ figure: Figure) {
            close()
            let svg = figure.picture
            let address: String
            switch pictures {
            case .within: address = "data:image/svg+xml;base64," + Data(svg.utf8).base64EncodedString()
            case .beside(let stem):
                let name = "\(stem)-\(files.count + 1).svg"
                files.append(Picture(name: name, svg: svg))
                address = name
            }
            blocks.append("![\(Markdown.escaped(figure.title))](\(address))")
            if let caption = figure.caption, !caption.isEmpty { blocks.append("*\(Markdown.escaped(caption.plain))*") }
        }
    }
}
