import Models
import Pruning
import Samples
import Tensor

/// Compensation as it is written down: explicit matrices of all tokens in float64, one block after the other.
struct PlainCompensation {
    let transformer: Transformer
    let kept: [Int: [Int]]
    let compensation: Compensation
    let inputs: TinyInputs

    struct Layer {
        var weight: [Double]
        var bias: [Double]?
        var before: Double
        var after: Double
    }

    /// Tokens of all inputs at the middle of a block, one input at a time.
    private func middles(_ model: Transformer, _ index: Int) throws -> [(FloatBuffer, Block)] {
        let shape = try model.tokens(of: inputs.shape)
        let width = model.architecture.width
        let workspaces = WorkspacePool()
        return try (0..<inputs.count).map { input in
            let own = try inputs.load(input..<input + 1)
            let sequences = own.sequences(0..<1)
            let x = FloatBuffer([shape.count, width])
            try model.embed(own, 0..<1, shape: shape, into: x.pointer, workspaces: workspaces)
            for before in 0..<index {
                try model.block(before, shape: shape, rows: .all)
                    .run(x.pointer, of: sequences, into: x.pointer, workspaces: workspaces)
            }
            let block = try model.block(index, shape: shape, rows: .all)
            block.attend(x.pointer, of: sequences, into: x.pointer, workspaces: workspaces)
            return (x, block)
        }
    }

    /// What enters the output layer (rows, hidden).
    private func features(_ middle: FloatBuffer, _ block: Block) -> [[Double]] {
        let rows = middle.shape[0]
        let u = FloatBuffer([rows, block.expandedWidth])
        let a = FloatBuffer([rows, block.hiddenWidth])
        block.expand(middle.pointer, rows: rows, into: u.pointer, workspaces: WorkspacePool())
        block.activate(u.pointer, rows: rows, into: u.pointer)
        block.finishHidden(u.pointer, rows: rows, into: a.pointer)
        return (0..<rows).map { row in (0..<block.hiddenWidth).map { Double(a.row(row)[$0]) } }
    }

    private static func times(_ weight: [Double], _ a: [Double], _ outputs: Int) -> [Double] {
        (0..<outputs).map { d in a.indices.reduce(0) { $0 + weight[d * a.count + $1] * a[$1] } }
    }

    /// Gauss–Jordan with pivots: matrix (n, n), right (n).
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var rows = zip(matrix, right).map { $0 + [$1] }
        let n = right.count
        for column in 0..<n {
            let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            rows.swapAt(column, pivot)
            let scale = rows[column][column]
            for j in 0...n { rows[column][j] /= scale }
            for i in 0..<n where i != column {
                let factor = rows[i][column]
                for j in 0...n { rows[i][j] -= factor * rows[column][j] }
            }
        }
        return rows.map { $0[n] }
    }

    func run() throws -> [Int: Layer] {
        var model = transformer
        var result: [Int: Layer] = [:]
        let width = transformer.architecture.width
        for index in kept.keys.sorted() {
            let neurons = kept[index] ?? []
            let narrow = try model.blocks[index].keeping(neurons)
            let here = try middles(model, index)
            let there = try middles(transformer, index)
            let narrowed = try middles(model.replacing(index, with: narrow), index)
            let output = try narrow.weights().mlp.output
            let weight = output.weight.view.values.map(Double.init)
            let whole = try transformer.blocks[index].weights().mlp
            let wholeWeight = whole.output.weight.view.values.map(Double.init)
            var (f, y): ([[Double]], [[Double]]) = ([], [])
            for input in 0..<inputs.count {
                f += features(narrowed[input].0, narrowed[input].1)
                let source = compensation.target == .block ? here[input] : there[input]
                var targets = features(source.0, source.1).map { Self.times(wholeWeight, $0, width) }
                if compensation.target == .tokens, transformer.architecture.normOrder != .onBranch {
                    for row in targets.indices {
                        for d in 0..<width {
                            let gap = Double(there[input].0.row(row)[d]) - Double(here[input].0.row(row)[d])
                            let scale = transformer.architecture.normOrder == .before ? whole.scale?.base[d] : nil
                            targets[row][d] += gap / Double(scale ?? 1)
                        }
                    }
                }
                y += targets
            }
            let layer = fit(
                f, y, weight: weight, bias: output.bias?.values.map(Double.init), features: neurons.count, width: width)
            result[index] = layer
            model = model.replacing(
                index,
                with: BlockSource(
                    try narrow.weights().replacingOutput(
                        weight: FloatView(FloatBuffer([width, neurons.count], layer.weight.map(Float.init))),
                        bias: layer.bias.map { FloatView(FloatBuffer([width], $0.map(Float.init))) })))
        }
        return result
    }

    private func fit(
        _ f: [[Double]], _ y: [[Double]], weight: [Double], bias: [Double]?, features: Int, width: Int
    ) -> Layer {
        let n = Double(f.count)
        let r = zip(f, y).map { f, y in zip(y, Self.times(weight, f, width)).map { $0 - $1 } }
        func mean(_ rows: [[Double]], _ count: Int) -> [Double] {
            (0..<count).map { i in rows.reduce(0) { $0 + $1[i] } / n }
        }
        func squares(_ rows: [[Double]]) -> Double { rows.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } } }
        let centre = mean(y, width)
        let total = squares(y.map { y in zip(y, centre).map { $0 - $1 } })
        var (weight, bias) = (weight, bias)
        var left = r
        switch compensation.method {
        case .bias:
            let shift = mean(r, width)
            bias = bias.map { zip($0, shift).map { $0 + $1 } }
            left = r.map { r in zip(r, shift).map { $0 - $1 } }
        case .leastSquares:
            let hasBias = bias != nil
            let fMean = hasBias ? mean(f, features) : Array(repeating: 0, count: features)
            let rMean = hasBias ? mean(r, width) : Array(repeating: 0, count: width)
            var matrix = (0..<features).map { i in
                (0..<features).map { j in f.reduce(0) { $0 + ($1[i] - fMean[i]) * ($1[j] - fMean[j]) } }
            }
            let ridge = compensation.ridge * (0..<features).reduce(0) { $0 + matrix[$1][$1] } / Double(features)
            for i in 0..<features { matrix[i][i] += ridge }
            for d in 0..<width {
                let change = Self.solve(
                    matrix,
                    (0..<features).map { i in
                        zip(f, r).reduce(0) { $0 + ($1.0[i] - fMean[i]) * ($1.1[d] - rMean[d]) }
                    })
                let shift = rMean[d] - zip(change, fMean).reduce(0) { $0 + $1.0 * $1.1 }
                bias?[d] += shift
                for i in 0..<features { weight[d * features + i] += change[i] }
                for row in f.indices {
                    left[row][d] -= zip(change, f[row]).reduce(hasBias ? shift : 0) { $0 + $1.0 * $1.1 }
                }
            }
        case .scale:
            // A's columns over tokens and channels.
            let columns = (0..<features).map { i in
                f.flatMap { f in (0..<width).map { weight[$0 * features + i] * f[i] } }
            }
            let lack = r.flatMap { $0 }
            func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
            let products = columns.map { a in columns.map { dot(a, $0) } }
            let right = columns.map { dot($0, lack) }
            var normal = products.map { a in products.map { dot(a, $0) } }
            for i in 0..<features { normal[i][i] += 1 }
            let x = Self.solve(normal, products.map { dot($0, right) })
            for d in 0..<width { for i in 0..<features { weight[d * features + i] *= 1 + x[i] } }
            left = zip(f, y).map { f, y in zip(y, Self.times(weight, f, width)).map { $0 - $1 } }
        }
        return Layer(weight: weight, bias: bias, before: squares(r) / total, after: squares(left) / total)
    }
}
