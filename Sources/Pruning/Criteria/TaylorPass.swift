import Models
import Tensor

/// One forward and backward pass over a few batches.
struct TaylorPass: Sendable {
    let scorer: TaylorScorer
    let tape: TapePlan
    let extent: Extent
    let tokens: Int
    /// The images of all batches of the group (n, channels, height, width).
    let pixels: FloatBuffer
    /// Which batches of the source these are.
    let group: Range<Int>
    private let workspaces = WorkspacePool()

    init(scorer: TaylorScorer, tape: TapePlan, extent: Extent, tokens: Int, pixels: FloatBuffer, group: Range<Int>) {
        self.scorer = scorer
        self.tape = tape
        self.extent = extent
        self.tokens = tokens
        self.pixels = pixels
        self.group = group
    }

    private var transformer: Transformer { scorer.transformer }
    private var width: Int { transformer.architecture.width }
    private var reading: Reading { scorer.loss.reading }
    private var depth: Int { transformer.blocks.count }

    /// What one block leaves behind for the way back, for the images of one unit.
    private struct BlockTape {
        /// (images, tokens, width)
        let input: FloatBuffer
        var inside: Inside?

        struct Inside {
            /// (images, tokens, 3·width)
            let qkv: FloatBuffer
            /// (images, rows, width)
            let middle: FloatBuffer
            /// Pre-activations without the bias (images, rows, hidden).
            let u: FloatBuffer
        }
    }

    private struct UnitTape {
        var blocks: [BlockTape?]
        /// The last block's output (images, rows, width).
        let output: FloatBuffer
    }

    /// - Returns: the loss of each batch, and each unit's sums in a fixed order.
    func run(monitor: Monitor) throws -> (losses: [Double], units: [NeuronSums]) {
        let batch = scorer.batch
        let units = Units(images: batch, tokens: tokens)
        let count = units.count * group.count
        let readWidth = transformer.width(of: reading)
        let values = FloatBuffer([group.count * batch, readWidth])
        let tapes = Locked<[UnitTape?]>(Array(repeating: nil, count: count))

        @Sendable func images(_ index: Int) -> Range<Int> {
            let inBatch = units.range(index % units.count)
            let start = index / units.count * batch
            return (start + inBatch.lowerBound)..<(start + inBatch.upperBound)
        }

        try Parallel.forEach(count) { index in
            try monitor.check()
            let range = images(index)
            let unit = forward(range, values: values.row(range.lowerBound))
            tapes.withLock { $0[index] = unit }
        }
        try transformer.checkFinite(values, first: group.lowerBound * batch)

        let results = Locked<[(value: Double, gradient: [Float])?]>(Array(repeating: nil, count: group.count))
        try Parallel.forEach(group.count) { index in
            let source = (group.lowerBound + index) * batch
            let result = try scorer.loss.evaluate(
                values.row(index * batch), batch: source..<(source + batch), width: readWidth, transformer: transformer)
            results.withLock { $0[index] = result }
        }
        let losses = results.withLock { $0.compactMap { $0 } }

        let sums = Locked<[NeuronSums?]>(Array(repeating: nil, count: count))
        try Parallel.forEach(count) { index in
            try monitor.check()
            guard
                let unit = tapes.withLock({ tapes in
                    defer { tapes[index] = nil }
                    return tapes[index]
                })
            else { return }
            let range = images(index)
            let offset = (range.lowerBound - index / units.count * batch) * readWidth
            let result = losses[index / units.count].gradient.withUnsafeBufferPointer { gradient in
                backward(unit, images: range.count, gradient: gradient.baseAddress.map { $0 + offset })
            }
            sums.withLock { $0[index] = result }
        }
        return (losses.map(\.value), sums.withLock { $0.compactMap { $0 } })
    }

    private func block(_ index: Int) -> Block {
        transformer.block(index, tokens: tokens, rows: transformer.rows(ofBlock: index, for: reading))
    }

    private func forward(_ range: Range<Int>, values: UnsafeMutablePointer<Float>) -> UnitTape {
        let images = range.count
        var blocks = [BlockTape?](repeating: nil, count: depth)
        var x = FloatBuffer([images, tokens, width])
        transformer.embed(
            pixels.row(range.lowerBound), count: images, extent: extent, into: x.pointer, workspaces: workspaces)
        for index in 0..<depth {
            let block = block(index)
            let output = FloatBuffer([images, block.rowsPerImage, width])
            if index < tape.lowest {
                block.run(x.pointer, images: images, into: output.pointer, workspaces: workspaces)
            } else if index < tape.firstKeptWhole {
                block.run(x.pointer, images: images, into: output.pointer, workspaces: workspaces)
                blocks[index] = BlockTape(input: x)
            } else {
                let inside = inside(of: block, x: x, images: images)
                let rows = images * block.rowsPerImage
                output.pointer.update(from: inside.middle.pointer, count: rows * width)
                workspaces.borrow(rows * block.hiddenWidth) { a in
                    block.activate(inside.u.pointer, rows: rows, into: a)
                    block.contract(a, rows: rows, addingTo: output.pointer, workspaces: workspaces)
                }
                blocks[index] = BlockTape(input: x, inside: inside)
            }
            x = output
        }
        transformer.read(
            reading, x.pointer, images: images, rows: x.shape[1], into: values, workspaces: workspaces)
        return UnitTape(blocks: blocks, output: x)
    }

    private func inside(of block: Block, x: FloatBuffer, images: Int) -> BlockTape.Inside {
        let rows = images * block.rowsPerImage
        let inside = BlockTape.Inside(
            qkv: FloatBuffer([images, tokens, 3 * width]), middle: FloatBuffer([images, block.rowsPerImage, width]),
            u: FloatBuffer([rows, block.hiddenWidth]))
        block.attend(
            x.pointer, images: images, into: inside.middle.pointer, keeping: inside.qkv.pointer,
            workspaces: workspaces)
        block.expand(inside.middle.pointer, rows: rows, into: inside.u.pointer, workspaces: workspaces)
        return inside
    }

    private func backward(_ unit: UnitTape, images: Int, gradient: UnsafePointer<Float>?) -> NeuronSums {
        var sums = NeuronSums(transformer: transformer)
        guard let gradient else { return sums }
        var unit = unit
        var d = FloatBuffer(unit.output.shape)
        transformer.readBackward(
            reading, gradient: gradient, x: unit.output.pointer, images: images, rows: unit.output.shape[1],
            into: d.pointer, workspaces: workspaces)
        for index in stride(from: depth - 1, through: tape.lowest, by: -1) {
            guard let kept = unit.blocks[index] else { continue }
            let block = block(index)
            let inside = kept.inside ?? inside(of: block, x: kept.input, images: images)
            let rows = images * block.rowsPerImage
            let hidden = block.hiddenWidth
            workspaces.borrow(2 * rows * hidden + hidden) { scratch in
                let a = scratch
                let da = a + rows * hidden
                let products = da + rows * hidden
                block.contractBackward(gradient: d.pointer, rows: rows, into: da, workspaces: workspaces)
                if scorer.layers.contains(index) {
                    block.activate(inside.u.pointer, rows: rows, into: a)
                    for image in 0..<images {
                        let offset = image * block.rowsPerImage * hidden
                        sumOfProducts(
                            a + offset, da + offset, rows: block.rowsPerImage, columns: hidden, into: products)
                        sums.add(products, layer: index)
                    }
                }
                guard index > tape.lowest else { return }
                block.expandBackward(
                    gradient: da, middle: inside.middle.pointer, u: inside.u.pointer, rows: rows,
                    addingTo: d.pointer, workspaces: workspaces)
            }
            guard index > tape.lowest else { break }
            let below = block.rows == .all ? d : FloatBuffer([images, tokens, width])
            block.attendBackward(
                gradient: d.pointer, x: kept.input.pointer, qkv: inside.qkv.pointer, images: images,
                into: below.pointer, workspaces: workspaces)
            d = below
            unit.blocks[index] = nil
        }
        return sums
    }
}
