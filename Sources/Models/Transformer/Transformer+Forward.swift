import Tensor

/// What a forward pass gives for a number of inputs.
package struct Outputs: Sendable {
    /// (inputs, width)
    package let features: FloatBuffer
    /// (inputs, classes), where asked for and the model has a classifier.
    package let logits: FloatBuffer?
    /// All tokens as the library's encoder returns them (inputs, tokens, width), where asked for.
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
    /// Runs inputs through the model, streaming them in groups that keep all cores busy.
    ///
    /// Throws `ModelError` where inputs don't suit the model or features are not numbers, `Interrupted` where asked to.
    package func run(
        _ source: some InputSource, wanting options: OutputOptions = [], monitor: Monitor = .none
    ) throws -> Outputs {
        let shape = try tokens(of: source.shape)
        let width = architecture.width
        let tokens = shape.count
        let features = FloatBuffer([source.count, width])
        let head = options.contains(.logits) ? self.head : nil
        let headInputs = head.map { FloatBuffer([source.count, $0.inputs]) }
        let hidden = options.contains(.hidden) ? FloatBuffer([source.count, tokens, width]) : nil
        let wanted = wantedRows(head: head != nil, hidden: hidden != nil)
        let workspaces = WorkspacePool()
        let group = Units(inputs: source.count, tokens: tokens).size * max(4, 2 * Parallel.threads)
        for start in stride(from: 0, to: source.count, by: group) {
            let range = start..<min(start + group, source.count)
            let inputs = try source.load(range)
            let units = Units(inputs: range.count, tokens: tokens)
            try Parallel.forEach(units.count) { unit in
                try monitor.check()
                let inGroup = units.range(unit)
                let first = start + inGroup.lowerBound
                let sequences = inputs.sequences(inGroup)
                let count = inGroup.count
                let rows = wanted.count(of: tokens)
                try workspaces.borrow(count * tokens * width) { x in
                    try embed(inputs, inGroup, shape: shape, into: x, workspaces: workspaces)
                    for index in blocks.indices {
                        let last = index == blocks.count - 1
                        let block = try block(index, shape: shape, rows: last ? wanted : .all, spread: units.spread)
                        // The last block may hand out fewer rows than it takes, so it writes to a place of its own.
                        if block.rows == .all {
                            block.run(x, of: sequences, into: x, workspaces: workspaces)
                        } else {
                            workspaces.borrow(count * rows * width) { y in
                                block.run(x, of: sequences, into: y, workspaces: workspaces)
                                x.update(from: y, count: count * rows * width)
                            }
                        }
                    }
                    read(.feature, x, of: sequences, rows: rows, into: features.row(first), workspaces: workspaces)
                    if let headInputs {
                        read(
                            .headInput, x, of: sequences, rows: rows, into: headInputs.row(first),
                            workspaces: workspaces)
                    }
                    if let hidden {
                        finishTokens(x, rows: count * tokens)
                        hidden.row(first).update(from: x, count: count * tokens * width)
                    }
                }
            }
            monitor.progress(range.upperBound, of: source.count)
        }
        try checkFinite(features)
        let logits = headInputs.flatMap { inputs in
            head.map { classify(inputs.pointer, images: source.count, by: $0) }
        }
        return Outputs(features: features, logits: logits, hidden: hidden)
    }

    /// The rows of the last block that all wanted outputs together depend on.
    private func wantedRows(head: Bool, hidden: Bool) -> TokenRows {
        var wanted = rows(for: .feature)
        if head {
            switch (wanted, rows(for: .headInput)) {
            case (.leading(let a), .leading(let b)): wanted = .leading(max(a, b))
            default: wanted = .all
            }
        }
        return hidden ? .all : wanted
    }

    /// Throws where a value that was read is not a number: values (images, width), of the images from `first` on.
    package func checkFinite(_ values: FloatBuffer, first: Int = 0) throws(ModelError) {
        if let index = FloatView(values).firstNonFinite {
            throw .nonFiniteFeature(image: first + index / values.rowCount)
        }
    }
}
