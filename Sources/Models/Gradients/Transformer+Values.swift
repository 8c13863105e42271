import Tensor

extension Transformer {
    /// What an objective would see of some inputs: (inputs, …) as `reading` shapes it.
    ///
    /// Throws `GradientError.reading` where there is no such thing, `ModelError`, or `Interrupted`.
    package func values(
        _ reading: ObjectiveReading, of inputs: Inputs, shape: InputShape, workspaces: WorkspacePool,
        monitor: Monitor = .none
    ) throws -> FloatBuffer {
        guard has(reading) else { throw GradientError.reading(reading) }
        let shape = try tokens(of: shape)
        let (tokens, width) = (shape.count, architecture.width)
        let wanted = reading == .tokens ? TokenRows.all : rows(for: reading.beneath)
        let rows = wanted.count(of: tokens)
        let result = FloatBuffer([inputs.count, self.width(of: reading, tokens: tokens)])
        let units = Units(inputs: inputs.count, tokens: tokens)
        try Parallel.forEach(units.count) { unit in
            try monitor.check()
            let range = units.range(unit)
            let sequences = inputs.sequences(range)
            try workspaces.borrow(range.count * (tokens + rows) * width) { x in
                let last = x + range.count * tokens * width
                try embed(inputs, range, shape: shape, into: x, workspaces: workspaces)
                for index in blocks.indices {
                    let isLast = index == blocks.count - 1
                    let block = try block(index, shape: shape, rows: isLast ? wanted : .all)
                    block.run(x, of: sequences, into: isLast ? last : x, workspaces: workspaces)
                }
                let target = result.row(range.lowerBound)
                guard reading != .tokens else {
                    return target.update(from: last, count: range.count * rows * width)
                }
                guard let linear = linear(after: reading) else {
                    return read(
                        reading.beneath, last, of: sequences, rows: rows, into: target, workspaces: workspaces)
                }
                workspaces.borrow(range.count * linear.inputs) { values in
                    read(reading.beneath, last, of: sequences, rows: rows, into: values, workspaces: workspaces)
                    linear.apply(values, rows: range.count, into: target)
                }
            }
        }
        return result
    }
}
