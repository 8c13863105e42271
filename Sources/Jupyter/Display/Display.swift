import Report

/// Shows outputs below the cell that a request runs. Any thread may use it.
struct Display: Sendable {
    /// Of text, in columns.
    static let width = 80

    let sender: Sender
    /// nil for a request that wants to see nothing.
    let request: Request?

    /// Shows what a sentence has to say: texts and tables together, each figure by itself, times and the like at the end.
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
            if !texts.isEmpty { bundles.append(text(texts)) }
            texts = []
        }
        for output in outputs.filter({ !$0.isStatus }) + outputs.filter(\.isStatus) {
            if case .figure(let figure) = output {
                endTexts()
                bundles.append(picture(figure))
            } else {
                texts.append(output)
            }
        }
        endTexts()
        return bundles
    }

    static func text(_ outputs: [Output]) -> MIMEBundle {
        MIMEBundle([.plain: plain(outputs), .html: HTMLRenderer().render(outputs)])
    }

    /// As HTML it takes the colours of the page it stands in; the picture stands alone.
    static func picture(_ figure: Figure) -> MIMEBundle {
        MIMEBundle([
            .plain: plain([.figure(figure)]), .html: HTMLRenderer().render([.figure(figure)]),
            .svg: SVGRenderer(theme: .paper, showsCaption: true).render(figure),
        ])
    }

    /// As at the prompt, without colours.
    static func plain(_ outputs: [Output]) -> String {
        let rendering = TextRenderer(width: width).render(outputs)
        return (rendering.lines + rendering.status).joined(separator: "\n")
    }
}
