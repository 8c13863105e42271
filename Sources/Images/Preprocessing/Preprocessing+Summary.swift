extension Preprocessing {
    /// What will be done, in a line a person can check against a model card.
    package var summary: String {
        var steps = [channels == .rgb ? "RGB" : "grey"]
        switch resize {
        case .none: break
        case .shorterSide(let side): steps.append("shorter side to \(side) (\(resampling.name))")
        case .exact(let size): steps.append("resize to \(size.height) × \(size.width) (\(resampling.name))")
        case .covering(let size): steps.append("resize to cover \(size.height) × \(size.width) (\(resampling.name))")
        }
        if cropsCentre { steps.append("centre crop \(size.height) × \(size.width)") }
        if !cropsCentre && resize == .none { steps.append("\(size.height) × \(size.width) as it is") }
        if rescale != 1 {
            steps.append(abs(rescale * 255 - 1) < 1e-12 ? "× 1/255" : "× \(Self.number(rescale))")
        }
        if mean.contains(where: { $0 != 0 }) || std.contains(where: { $0 != 1 }) {
            steps.append("mean \(Self.numbers(mean)), std \(Self.numbers(std))")
        }
        return steps.joined(separator: ", ") + " [\(origin.name)]"
    }

    private static func numbers(_ values: [Double]) -> String {
        guard let first = values.first, values.contains(where: { $0 != first }) else {
            return values.first.map(number) ?? ""
        }
        return values.map(number).joined(separator: " ")
    }

    private static func number(_ value: Double) -> String {
        let rounded = (value * 10000).rounded() / 10000
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension Preprocessing.Origin {
    /// Where the rules come from, in a word or two.
    package var name: String {
        switch self {
        case .huggingFace(let processor): processor
        case .timm: "timm"
        case .openCLIP: "OpenCLIP"
        case .defaults: "defaults"
        }
    }
}
