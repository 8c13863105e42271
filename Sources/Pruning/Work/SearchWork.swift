import Models

/// What the parts of a search cost, in floating-point operations over all its inputs.
package struct SearchWork: Sendable {
    package let forward: ForwardWork
    package let inputs: Int
    /// Inputs whose middles are kept.
    let resident: Int
    let stride: Int
    let keepsHidden: Bool

    init(forward: ForwardWork, units: Units, memory: SearchMemory) {
        self.forward = forward
        inputs = units.inputs
        resident = min(units.inputs, memory.residentUnits * units.size)
        stride = memory.stride
        keepsHidden = memory.keepsHidden
    }

    /// One pass of everything.
    package func pass(widths: [Int]) -> Int { inputs * forward.whole(widths: widths) }

    /// What the plain algorithm spends on these sizes of a layer: one pass each.
    package func plain(_ layer: Int, tries: [Int], widths: [Int]) -> Int {
        tries.reduce(0) { $0 + pass(widths: widths.replacing(layer, by: $1)) }
    }

    /// What trying different sizes of a layer costs, every one on all inputs.
    package func layer(_ layer: Int, tries: [Int], widths: [Int]) -> Int {
        guard !tries.isEmpty else { return 0 }
        let tail = forward.blocks(from: layer + 1, widths: widths) + forward.readout
        let each = tries.reduce(0) { sum, width in
            sum + tail + (keepsHidden ? forward.contraction(layer, hidden: width) : forward.mlp(layer, hidden: width))
        }
        let kept = approach(layer, widths: widths) + each
        let fromPixels = tries.reduce(0) { $0 + forward.whole(widths: widths.replacing(layer, by: $1)) }
        return resident * kept + (inputs - resident) * fromPixels
    }

    /// From the nearest kept middle to that of the layer, and its hidden activations.
    private func approach(_ layer: Int, widths: [Int]) -> Int {
        let nearest = layer / stride * stride
        var sum = keepsHidden ? forward.expansion(layer, hidden: widths[layer]) : 0
        for block in nearest..<layer {
            sum += forward.mlp(block, hidden: widths[block]) + forward.attention(block + 1)
        }
        return sum
    }

    /// What measuring the accepted width on a share of the inputs costs, those not tried at all among them.
    func confirmation(_ layer: Int, width: Int, widths: [Int]) -> Int {
        resident
            * (forward.mlp(layer, hidden: width) + forward.blocks(from: layer + 1, widths: widths) + forward.readout)
            + (inputs - resident) * forward.whole(widths: widths.replacing(layer, by: width))
    }
}

/// What a search has spent, and what others would have.
package struct SearchSpending: Sendable, Hashable, Codable {
    /// The operations that ran.
    package var spent: Int
    /// Those of the same tries, each on all images, with the same memory.
    package var exact: Int
    /// Those of one pass of the whole model before, and one for every try.
    package var plain: Int
    /// What compensating took beside all this; nil for a search without.
    package var compensation: Compensation?

    package struct Compensation: Sendable, Hashable, Codable {
        package var work: CompensationWork
        package var seconds: Double
    }
}

extension Array {
    func replacing(_ index: Int, by value: Element) -> [Element] {
        var result = self
        result[index] = value
        return result
    }
}
