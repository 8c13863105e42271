import Tensor

/// What a forward pass gives for a number of images.
package struct Outputs: Sendable {
    /// (images, width)
    package let features: FloatBuffer
    /// (images, classes), where asked for and the model has a classifier.
    package let logits: FloatBuffer?
    /// All tokens as the library's encoder returns them, after the final norm where it is one of tokens (images, tokens, width), where asked for.
    package let hidden: FloatBuffer?
}

/// What else than features a forward pass should give.
package struct OutputOptions: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let logits = OutputOptions(rawValue: 1)
    package static let hidden = OutputOptions(rawValue: 2)
}

extension Transformer {
    /// Runs images through the model, streaming them in groups that keep all cores busy.
    ///
    /// Throws `ModelError` where images don't suit the model or features are not numbers, `Interrupted` where asked to.
    package func run(
        _ images: some ImageSource, wanting options: OutputOptions = [], monitor: Monitor = .none
    ) throws -> Outputs {
        let extent = try imageExtent(channels: images.channels, height: images.height, width: images.width)
        let a = architecture
        let tokens = a.tokens(of: extent)
        let features = FloatBuffer([images.count, a.width])
        let head = options.contains(.logits) ? self.head : nil
        let headInputs = head.map { FloatBuffer([images.count, $0.inputs]) }
        let hidden = options.contains(.hidden) ? FloatBuffer([images.count, tokens, a.width]) : nil
        let wanted: TokenRows =
            hidden != nil || rows(for: .feature) == .all || (head != nil && rows(for: .headInput) == .all)
            ? .all : .classToken
        let workspaces = WorkspacePool()
        let group = Units(images: images.count, tokens: tokens).size * max(4, 2 * Parallel.threads)
        for start in stride(from: 0, to: images.count, by: group) {
            let range = start..<min(start + group, images.count)
            let pixels = try images.load(range)
            let units = Units(images: range.count, tokens: tokens)
            try Parallel.forEach(units.count) { unit in
                try monitor.check()
                let inGroup = units.range(unit)
                let first = start + inGroup.lowerBound
                let count = inGroup.count
                let rows = wanted.count(of: tokens)
                workspaces.borrow(count * tokens * a.width) { x in
                    embed(pixels.row(inGroup.lowerBound), count: count, extent: extent, into: x, workspaces: workspaces)
                    for index in blocks.indices {
                        let last = index == blocks.count - 1
                        let block = block(index, tokens: tokens, rows: last ? wanted : .all)
                        // The last block may hand out fewer rows than it takes, so it writes to a place of its own.
                        if block.rows == .all {
                            block.run(x, images: count, into: x, workspaces: workspaces)
                        } else {
                            workspaces.borrow(count * a.width) { y in
                                block.run(x, images: count, into: y, workspaces: workspaces)
                                x.update(from: y, count: count * a.width)
                            }
                        }
                    }
                    read(.feature, x, images: count, rows: rows, into: features.row(first), workspaces: workspaces)
                    if let headInputs {
                        read(
                            .headInput, x, images: count, rows: rows, into: headInputs.row(first),
                            workspaces: workspaces)
                    }
                    if let hidden {
                        finishTokens(x, rows: count * tokens)
                        hidden.row(first).update(from: x, count: count * tokens * a.width)
                    }
                }
            }
            monitor.progress(range.upperBound, of: images.count)
        }
        try checkFinite(features)
        let logits = headInputs.flatMap { inputs in
            head.map { classify(inputs.pointer, images: images.count, by: $0) }
        }
        return Outputs(features: features, logits: logits, hidden: hidden)
    }

    /// Throws where a value that was read is not a number: values (images, width), of the images from `first` on.
    package func checkFinite(_ values: FloatBuffer, first: Int = 0) throws(ModelError) {
        if let index = FloatView(values).firstNonFinite {
            throw .nonFiniteFeature(image: first + index / values.rowCount)
        }
    }
}
