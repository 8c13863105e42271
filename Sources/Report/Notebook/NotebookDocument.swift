/// A transcript as a Jupyter notebook (format 4.5): text in cells of its own, outputs as text, page and picture.
package struct NotebookDocument: Sendable, Hashable {
    private let transcript: Transcript
    /// The version of the program, as the notebook's language has it.
    private let version: String

    package init(_ transcript: Transcript, version: String) {
        self.transcript = transcript
        self.version = version
    }

    package var text: String {
        let (title, cells, closing) = transcript.titled
        var list = [markdown("# \(title)", id: "title")]
        for cell in cells {
            if !cell.opening.isEmpty { list.append(markdown(cell.opening.text, id: "text-\(cell.number)")) }
            list.append(json(cell))
        }
        if !closing.isEmpty { list.append(markdown(closing.text, id: "closing")) }
        if !transcript.provenance.isEmpty { list.append(markdown(provenance, id: "provenance")) }
        let document = JSON.object([
            ("cells", .array(list)),
            (
                "metadata",
                .object([
                    (
                        "kernelspec",
                        .object([("display_name", "amp"), ("language", "amp"), ("name", "amp")])
                    ),
                    (
                        "language_info",
                        .object([
                            ("file_extension", ".amp"), ("mimetype", "text/x-amp"), ("name", "amp"),
                            ("version", .string(version)),
                        ])
                    ),
                    ("title", .string(Prose.plain(title))),
                ])
            ),
            ("nbformat", .int(4)), ("nbformat_minor", .int(5)),
        ])
        return document.indentedText + "\n"
    }

    private var provenance: String {
        let details = transcript.provenance.map { "- \(Markdown.escaped($0.name)): \(Markdown.escaped($0.value))" }
        return "## What it rests on\n\n" + details.joined(separator: "\n")
    }

    private func markdown(_ text: String, id: String) -> JSON {
        .object([
            ("cell_type", "markdown"), ("id", .string(id)), ("metadata", .object([])), ("source", lines(text.trimmed)),
        ])
    }

    private func json(_ cell: Transcript.Cell) -> JSON {
        var tags: [JSON] = []
        if cell.isUndone { tags.append("undone") }
        // A run of the whole notebook is to go on behind a cell that failed when it was recorded.
        if cell.status != .ok { tags.append("raises-exception") }
        var metadata: [(String, JSON)] = []
        if let time = cell.time {
            // JupyterLab's own names for when a cell ran.
            let end = time.started.addingTimeInterval(time.seconds)
            metadata.append(
                (
                    "execution",
                    .object([
                        ("iopub.execute_input", .string(Moment.full(time.started))),
                        ("shell.execute_reply", .string(Moment.full(end))),
                    ])
                ))
        }
        if !tags.isEmpty { metadata.append(("tags", .array(tags))) }
        return .object([
            ("cell_type", "code"), ("execution_count", .int(cell.number)), ("id", .string("cell-\(cell.number)")),
            ("metadata", .object(metadata)), ("outputs", .array(outputs(of: cell))),
            ("source", lines(cell.sentence.text)),
        ])
    }

    private func outputs(of cell: Transcript.Cell) -> [JSON] {
        var outputs: [JSON] = []
        var group: [Output] = []
        func close() {
            if !group.isEmpty { outputs.append(display(group)) }
            group = []
        }
        for output in cell.outputs {
            if case .figure(let figure) = output {
                close()
                outputs.append(display(figure))
            } else {
                group.append(output)
            }
        }
        if cell.isUndone { group.append(.status("undone")) }
        close()
        if let error = cell.error {
            let name = cell.status == .interrupted ? "Interrupted" : "Failed"
            let message = error.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            outputs.append(
                .object([
                    ("ename", .string(name)), ("evalue", .string(message)), ("output_type", "error"),
                    (
                        "traceback",
                        .array(
                            error.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
                                .string(String($0))
                            })
                    ),
                ]))
        }
        return outputs
    }

    private func display(_ outputs: [Output]) -> JSON {
        display(outputs, html: HTMLRenderer().render(outputs))
    }

    private func display(_ figure: Figure) -> JSON {
        // Jupyter takes SVG out of the pages of a notebook that was made elsewhere, but lets images stand.
        display([.figure(figure)], html: figure.imageInPage.markup, picture: figure.picture)
    }

    private func display(_ outputs: [Output], html: String, picture: String? = nil) -> JSON {
        let renderer = TextRenderer(width: 80)
        let text = outputs.flatMap(renderer.lines).joined(separator: "\n")
        var data: [(String, JSON)] = []
        if let picture { data.append(("image/svg+xml", lines(picture))) }
        data += [("text/html", lines(html)), ("text/plain", lines(text))]
        return .object([
            ("data", .object(data)), ("metadata", .object([])), ("output_type", "display_data"),
        ])
    }

    /// As notebooks have texts: a list of lines, each with its newline.
    private func lines(_ text: String) -> JSON {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return .array(
            lines.enumerated().compactMap { index, line in
                let isLast = index == lines.count - 1
                return isLast && line.isEmpty ? nil : .string(isLast ? String(line) : line + "\n")
            })
    }
}
