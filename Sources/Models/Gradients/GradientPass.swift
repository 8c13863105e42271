import Tensor

/// The gradients of an objective with respect to a transformer's parameters, batch after batch.
///
/// Threads take units of inputs through forward and back, block by block; what the units leave behind of a block is then
/// summed up in parts of fixed size. The results are the same bits on any number of threads.
package final class GradientPass: Sendable {
    let parameters: Parameters
    package let plan: GradientPlan
    package let shape: TokenShape
    package let parts: TrainedParts
    package let reading: ObjectiveReading
    /// The gradients of the last batch.
    package let gradients: Gradients
    private let lastRows: TokenRows
    let tape: GradientTape
    private let blocks: BlockRecord
    private let readout: ReadoutRecord
    private let embedding: EmbeddingRecord?
    /// What the objective sees (inputs, …), ∂E/∂ it, and the features or the classifier's input before it.
    private let values: FloatBuffer
    private let dValues: FloatBuffer
    private let read: FloatBuffer
    private let dRead: FloatBuffer
    let workspaces = WorkspacePool()

    /// - Parameters:
    ///   - batch: inputs of a batch.
    ///   - memoryLimit: bytes that all this may take.
    /// Throws `GradientError` or `ModelError`.
    package init(
        _ parameters: Parameters, for shape: InputShape, batch: Int, reading: ObjectiveReading, parts: TrainedParts,
        memoryLimit: Int
    ) throws {
        let transformer = try parameters.transformer()
        let shape = try transformer.tokens(of: shape)
        guard transformer.has(reading) else { throw GradientError.reading(reading) }
        self.parameters = parameters
        self.shape = shape
        self.reading = reading
        self.parts = parts
        let width = transformer.width(of: reading, tokens: shape.count)
        let reached = transformer.reached(by: reading, parts, in: parameters.layout)
        let size = reached.reduce(0) { $0 + (parameters.tensors[$1]?.count ?? 0) }
        plan = try GradientPlan(
            transformer: transformer, shape: shape, batch: batch, parts: parts, gradients: size, values: width,
            memoryLimit: memoryLimit)
        gradients = Gradients(of: parameters, parts: parts, names: reached)
        lastRows = reading == .tokens ? .all : transformer.rows(for: reading.beneath)
        let units = Units(inputs: plan.part, tokens: shape.count).count
        tape = GradientTape(transformer, lastRows: lastRows, inputs: plan.part, tokens: shape.count)
        blocks = BlockRecord(transformer, parts: parts, inputs: plan.part, units: units, tokens: shape.count)
        readout = ReadoutRecord(transformer, inputs: plan.part, units: units, tokens: shape.count)
        embedding =
            parts == .mlps ? nil : EmbeddingRecord(transformer, inputs: plan.part, units: units, shape: shape)
        values = reading == .tokens ? tape.inputs[tape.inputs.count - 1] : FloatBuffer([batch, width])
        dValues = reading == .tokens ? tape.dLast : FloatBuffer([batch, width])
        let linear = transformer.linear(after: reading)
        read = linear == nil ? values : FloatBuffer([batch, transformer.width(of: reading.beneath)])
        dRead = linear == nil ? dValues : FloatBuffer([batch, transformer.width(of: reading.beneath)])
    }

    /// Computes the gradients of an objective over a batch, into `gradients`.
    ///
    /// - Parameter transformer: over the parameters' present values.
    /// - Returns: the objective's value; where that is no number, the gradients are not computed.
    /// Throws `GradientError`, `ModelError`, `Interrupted` or what the objective throws.
    package func run(
        _ transformer: Transformer, _ inputs: Inputs, _ objective: some Objective, drop: DropPath? = nil,
        monitor: Monitor = .none
    ) throws -> Double {
        if drop != nil, transformer.architecture.normOrder == .after {
            throw GradientError.dropPath(family: transformer.architecture.family.title)
        }
        let count = inputs.count
        guard count <= plan.batch else { throw GradientError.batch(largest: plan.batch, found: count) }
        let whole = objective.couplesInputs && reading != .tokens
        var sum = 0.0
        if whole, plan.part < count {
            for range in ranges(count) {
                try forward(transformer, inputs, range, first: range.lowerBound, drop: drop, monitor: monitor)
            }
            sum = try objective.evaluate(values, of: 0..<count, gradient: dValues)
            guard sum.isFinite else { return sum }
        }
        let isEvaluated = whole && plan.part < count
        for range in ranges(count) {
            // Values of parts lie at their inputs' places where all are kept, otherwise at the beginning.
            let place = reading == .tokens || !isEvaluated ? 0 : range.lowerBound
            try forward(transformer, inputs, range, first: place, drop: drop, monitor: monitor)
            if !isEvaluated {
                sum += try objective.evaluate(values, of: range, gradient: dValues)
                guard sum.isFinite else { return sum }
            }
            try backward(
                transformer, inputs, range, first: place, drop: drop, accumulating: range.lowerBound > 0,
                monitor: monitor)
        }
        finish(transformer)
        return sum
    }

    private func ranges(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: plan.part).map { $0..<min($0 + plan.part, count) }
    }

    private func block(_ transformer: Transformer, _ index: Int) throws -> Block {
        try transformer.block(
            index, shape: shape, rows: index == transformer.blocks.count - 1 ? lastRows : .all)
    }

    /// Runs `body` for each unit of a part: its number, and its inputs counted from the part's first.
    private func forEachUnit(
        _ range: Range<Int>, _ monitor: Monitor, _ body: @Sendable (Int, Range<Int>) throws -> Void
    ) throws {
        let units = Units(inputs: range.count, tokens: shape.count)
        try Parallel.forEach(units.count) { unit in
            try monitor.check()
            try body(unit, units.range(unit))
        }
    }

    // MARK: Forward

    private func forward(
        _ transformer: Transformer, _ inputs: Inputs, _ range: Range<Int>, first: Int, drop: DropPath?,
        monitor: Monitor
    ) throws {
        let depth = transformer.blocks.count
        let width = transformer.architecture.width
        try forEachUnit(range, monitor) { [self] _, own in
            let global = (range.lowerBound + own.lowerBound)..<(range.lowerBound + own.upperBound)
            let sequences = inputs.sequences(global)
            let row = own.lowerBound * shape.count
            try transformer.embed(
                inputs, global, shape: shape, into: tape.inputs[0].row(row), workspaces: workspaces)
            for index in 0..<depth {
                let block = try block(transformer, index)
                let out = own.lowerBound * block.rowsPerInput
                let rows = own.count * block.rowsPerInput
                let x = tape.inputs[index].row(row)
                let middle = tape.middle[index].row(out)
                let y = tape.inputs[index + 1].row(out)
                block.attend(
                    x, of: sequences, into: middle, keeping: tape.qkv[index].row(row), workspaces: workspaces)
                if let drop {
                    for (input, factor) in drop.factors[index][0][global].enumerated() {
                        mix(
                            middle + input * block.rowsPerInput * width, from: x + input * shape.count * width, factor,
                            count: block.rowsPerInput * width)
                    }
                }
                let u = tape.u[index].row(out)
                block.expand(middle, rows: rows, into: u, workspaces: workspaces)
                y.update(from: middle, count: rows * width)
                block.finish(u, rows: rows, joining: y, workspaces: workspaces)
                if let drop {
                    let size = block.rowsPerInput * width
                    for (input, factor) in drop.factors[index][1][global].enumerated() {
                        mix(y + input * size, from: middle + input * size, factor, count: size)
                    }
                }
            }
            guard reading != .tokens else { return }
            let rows = lastRows.count(of: shape.count)
            transformer.read(
                reading.beneath, tape.inputs[depth].row(own.lowerBound * rows), of: sequences, rows: rows,
                into: read.row(first + own.lowerBound), workspaces: workspaces)
            transformer.linear(after: reading)?.apply(
                read.row(first + own.lowerBound), rows: own.count, into: values.row(first + own.lowerBound))
        }
    }

    // MARK: Backward

    private func backward(
        _ transformer: Transformer, _ inputs: Inputs, _ range: Range<Int>, first: Int, drop: DropPath?,
        accumulating: Bool, monitor: Monitor
    ) throws {
        let layout = parameters.layout
        let depth = transformer.blocks.count
        let units = Units(inputs: range.count, tokens: shape.count).count
        if reading != .tokens {
            try readBackward(transformer, inputs, range, first: first, monitor)
            if parts == .all {
                var reduction = Reduction(accumulating: accumulating)
                readout.reduce(layout, inputs: range.count, units: units, gradients, into: &reduction)
                reduceLinear(transformer, first: first, count: range.count, into: &reduction)
                try reduction.run()
            }
        }
        for index in stride(from: depth - 1, through: 0, by: -1) {
            try blockBackward(transformer, index, inputs, range, drop: drop, monitor)
            let rows = range.count * (index == depth - 1 ? lastRows : .all).count(of: shape.count)
            var reduction = Reduction(accumulating: accumulating)
            blocks.reduceMLP(
                layout.blocks[index], hidden: transformer.blocks[index].hiddenWidth, middle: tape.middle[index],
                rows: rows, units: units, gradients, into: &reduction)
            blocks.reduceAttention(
                layout.blocks[index], x: tape.inputs[index], inputs: range.count, rows: rows, units: units, gradients,
                into: &reduction)
            try reduction.run()
        }
        guard let embedding else { return }
        try forEachUnit(range, monitor) { [self] unit, own in
            let global = (range.lowerBound + own.lowerBound)..<(range.lowerBound + own.upperBound)
            try embedding.record(
                transformer, inputs, global, gradient: d(0, of: transformer).row(own.lowerBound * shape.count),
                unit: unit, firstInput: own.lowerBound, workspaces: workspaces)
        }
        var reduction = Reduction(accumulating: accumulating)
        embedding.reduce(
            layout, inputs, range, gradient: d(0, of: transformer), units: units, gradients, into: &reduction)
        try reduction.run()
    }

    /// Where the gradient of what enters block `index` lies.
    private func d(_ index: Int, of transformer: Transformer) -> FloatBuffer {
        index == transformer.blocks.count ? tape.dLast : tape.d
    }

    private func readBackward(
        _ transformer: Transformer, _ inputs: Inputs, _ range: Range<Int>, first: Int, _ monitor: Monitor
    ) throws {
        let rows = lastRows.count(of: shape.count)
        let depth = transformer.blocks.count
        try forEachUnit(range, monitor) { [self] unit, own in
            let global = (range.lowerBound + own.lowerBound)..<(range.lowerBound + own.upperBound)
            let place = first + own.lowerBound
            transformer.linear(after: reading)?.weight.multiplyBackward(
                gradient: dValues.row(place), rows: own.count, into: dRead.row(place))
            transformer.readBackward(
                reading.beneath, gradient: dRead.row(place), x: tape.inputs[depth].row(own.lowerBound * rows),
                of: inputs.sequences(global), rows: rows, into: tape.dLast.row(own.lowerBound * rows),
                workspaces: workspaces, trace: readout.trace(unit: unit, firstInput: own.lowerBound))
        }
    }

    private func blockBackward(
        _ transformer: Transformer, _ index: Int, _ inputs: Inputs, _ range: Range<Int>, drop: DropPath?,
        _ monitor: Monitor
    ) throws {
        let width = transformer.architecture.width
        try forEachUnit(range, monitor) { [self] unit, own in
            let global = (range.lowerBound + own.lowerBound)..<(range.lowerBound + own.upperBound)
            let block = try block(transformer, index)
            let out = own.lowerBound * block.rowsPerInput
            let size = block.rowsPerInput * width
            let d = d(index + 1, of: transformer).row(out)
            let factors = drop.map { drop in drop.factors[index].map { $0[global] } }
            let past = factors.map { _ in FloatBuffer([own.count, size]) }
            if let factors, let past { split(d, factors[1], past: past) }
            block.mlpBackward(
                gradient: d, middle: tape.middle[index].row(out), u: tape.u[index].row(out), inputs: own.count,
                workspaces: workspaces, trace: blocks.mlp(of: block, unit: unit, firstInput: own.lowerBound))
            if let past { for i in 0..<past.count { d[i] += past.pointer[i] } }
            // What else there is below the first MLP is not wanted then.
            if parts == .mlps, index == 0 { return }
            if let factors, let past { split(d, factors[0], past: past) }
            let below = self.d(index, of: transformer).row(own.lowerBound * shape.count)
            block.attendBackward(
                gradient: d, x: tape.inputs[index].row(own.lowerBound * shape.count),
                qkv: tape.qkv[index].row(own.lowerBound * shape.count), of: inputs.sequences(global), into: below,
                workspaces: workspaces, trace: blocks.attention(of: block, unit: unit, firstInput: own.lowerBound))
            if let past {
                for input in 0..<own.count {
                    let target = below + input * shape.count * width
                    for i in 0..<size { target[i] += past.row(input)[i] }
                }
            }
        }
    }

    /// Of a branch that is left out in part: the gradient's share f goes through it, 1 − f past it.
    private func split(_ d: UnsafeMutablePointer<Float>, _ factors: ArraySlice<Float>, past: FloatBuffer) {
        for (input, factor) in factors.enumerated() {
            let (own, other) = (d + input * past.rowCount, past.row(input))
            for i in 0..<past.rowCount {
                other[i] = (1 - factor) * own[i]
                own[i] *= factor
            }
        }
    }

    // MARK: What is read

    /// The classifier or projection over what is read.
    private func reduceLinear(
        _ transformer: Transformer, first: Int, count: Int, into reduction: inout Reduction
    ) {
        guard let linear = transformer.linear(after: reading) else { return }
        let layout = parameters.layout
        let dy = Reduction.Operand(values: dValues, stride: linear.outputs, column: first * linear.outputs)
        let x = Reduction.Operand(values: read, stride: linear.inputs, column: first * linear.inputs)
        if reading == .logits, let head = layout.head {
            // Of two classifiers, each sees its own token.
            let width = head.weight.shape[1]
            reduction.linear(head, gradients, dy, x, inputs: width, rows: count)
            reduction.linear(layout.distillationHead, gradients, dy, x.from(width), inputs: width, rows: count)
        } else if reading == .projected {
            switch layout.projection {
            case .layer(let layer):
                reduction.linear(layer, gradients, dy, x, inputs: linear.inputs, rows: count)
            case .matrix(let matrix):
                reduction.product(
                    into: gradients[matrix], outputs: linear.inputs, inputs: linear.outputs, x, dy, rows: count)
            case nil: break
            }
        }
    }

    /// What can be done only once all inputs are summed up.
    private func finish(_ transformer: Transformer) {
        let layout = parameters.layout
        for block in layout.blocks { blocks.finish(block, parameters, gradients) }
        embedding?.finish(layout, transformer, gradients)
        guard parts == .all else { return }
        readout.finish(layout, parameters, gradients)
        if reading == .logits, let other = layout.distillationHead, let head = layout.head {
            // The logits are the mean of both.
            for reference in head.all + other.all {
                guard let gradient = gradients[reference] else { continue }
                for i in 0..<gradient.count { gradient.pointer[i] /= 2 }
            }
        }
    }
}

/// y ← x + factor · (y − x): what a branch added is scaled.
private func mix(
    _ y: UnsafeMutablePointer<Float>, from x: UnsafePointer<Float>, _ factor: Float, count: Int
) {
    guard factor != 1 else { return }
    for i in 0..<count { y[i] = x[i] + factor * (y[i] - x[i]) }
}

extension ObjectiveReading {
    /// What is read from the tokens, before a linear layer over it.
    var beneath: Reading { self == .logits ? .headInput : .feature }
}

extension Transformer {
    /// The linear layer between what is read and what an objective sees.
    func linear(after reading: ObjectiveReading) -> Linear? {
        switch reading {
        case .logits: head
        case .projected: projection
        case .feature, .tokens: nil
        }
    }

    func has(_ reading: ObjectiveReading) -> Bool {
        switch reading {
        case .logits: head != nil
        case .projected: projection != nil
        case .feature, .tokens: true
        }
    }

    /// Values that an objective sees of one input.
    package func width(of reading: ObjectiveReading, tokens: Int) -> Int {
        switch reading {
        case .tokens: tokens * architecture.width
        case .feature: width(of: .feature)
        case .logits: head?.outputs ?? 0
        case .projected: projection?.outputs ?? 0
        }
    }
}
