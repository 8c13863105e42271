import Report

/// Shows outputs below the cell that a request runs. Any thread may use it.
struct Display: Sendable {
    /// Of text, in columns.
    static let width = 80

    let sender: Sender
    /// nil for a request that wants to see nothing.
    let request: Request?

    /// Shows what a sentence has to say: texts and tables together, each figure by itself.
    func show(_ outputs: [Output]) {
        guard let request else { return }
        for bundle in Self.bundles(outputs) {
            sender.publish(DisplayData(data: bundle, transient: DisplayPlace()), because: request)
        }
    }

    static func bundles(_ outputs: [Output]) -> [MIMEBundle] {
        var bundles: [MIMEBundle] = []
        var texts: [Output] = []
        func endTexts() {
            if !texts.isEmpty {
                bundles.append(MIMEBundle([.plain: plain(texts), .html: HTMLRenderer().render(texts)]))
            }
            texts = []
        }
        for output in outputs {
            if case .figure(let figure) = output {
                endTexts()
                bundles.append(MIMEBundle([.plain: plain([output]), .svg: SVGRenderer().render(figure)]))
            } else {
                texts.append(output)
            }
        }
        endTexts()
        return bundles
    }

    /// As at the prompt, without colours.
    static func plain(_ outputs: [Output]) -> String {
        let rendering = TextRenderer(width: width).render(outputs)
        return (rendering.lines + rendering.status).joined(separator: "\n")
    }
}
