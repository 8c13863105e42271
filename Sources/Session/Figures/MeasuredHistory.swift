import Report

/// What `evaluate` said in this session about models from one checkpoint, oldest first.
struct MeasuredHistory {
    struct Result: Hashable {
        let measure: String
        let value: Double
        /// Parameters left, as a share of all.
        let size: Double
        /// Criterion, widths and recovery; nil for a whole model.
        let prunedBy: String?
        /// The view of the checkpoint that was measured.
        let view: String
        /// Which images, and how many.
        let images: String
    }

    private let results: [Result]

    /// - Parameter source: the beginning of the checkpoint's SHA-256, as `describeMeasured` writes it.
    init(_ context: CommandContext, source: String) throws {
        var results: [Result] = []
        func read(_ outputs: [Output]) {
            for case .line(_, let data) in outputs where data["source"] == .string(source) {
                results += Self.results(data)
            }
        }
        var next = 1
        while true {
            let page = try context.store.cells(from: next, limit: 200)
            for cell in page where cell.status == .ok { read(try context.store.outputs(ofCell: cell.number)) }
            guard let last = page.last else { break }
            next = last.number + 1
        }
        read(context.outputs)
        self.results = results
    }

    private static func results(_ data: Fields) -> [Result] {
        guard case .string(let measure)? = data["measure"], case .double(let value)? = data["value"],
            case .int(let now)? = data["parameters"], case .int(let whole)? = data["parameters_whole"], whole > 0,
            case .string(let view)? = data["of"]
        else { return [] }
        // Sessions of old have the criterion alone.
        let words = [data["pruned_by"], data["criterion"]].compactMap { value in
            if case .string(let word)? = value { word } else { nil as String? }
        }
        let images = ["data_fingerprint", "images", "t", "batch", "k"].map { "\(data[$0].map { "\($0)" } ?? "")" }
        func result(_ measure: String, _ value: Double) -> Result {
            Result(
                measure: measure, value: value, size: Double(now) / Double(whole), prunedBy: words.first, view: view,
                images: images.joined(separator: " "))
        }
        var found = [result(measure, value)]
        if measure == "agreement", case .double(let cosine)? = data["cosine"] { found.append(result("cosine", cosine)) }
        return found
    }

    /// Of the last result; the mean cosine comes along with agreement and is not meant by it.
    var lastMeasure: String? { results.last { $0.measure != "cosine" }?.measure }

    func count(of measure: String) -> Int { Set(results.filter { $0.measure == measure }).count }

    /// The results of a measure on the same images as its latest, one a model.
    func latest(_ measure: String) -> [Result] {
        let all = results.filter { $0.measure == measure }
        var seen = Set<String>()
        return all.reversed().filter { $0.images == all.last?.images && seen.insert($0.view).inserted }.reversed()
    }

    func figure(_ measure: String, _ found: [Result], model: OpenModel) -> Figure {
        let pruned = found.filter { $0.prunedBy != nil }
        var ways: [String] = []
        for result in pruned where !ways.contains(result.prunedBy ?? "") {
            ways.append(result.prunedBy ?? "")
        }
        let curves = ways.map { way in
            (
                name: String?.some(way),
                points: pruned.filter { $0.prunedBy == way }.map {
                    TradeOffPoint(size: $0.size, value: $0.value, label: nil)
                }
            )
        }
        let original = found.last { $0.prunedBy == nil }?.value
        return Figure(
            kind: "compare", title: "\(model.name): \(MeasureText.title(measure)) over size",
            caption: """
                Every pruned model from this checkpoint that was evaluated in the session, by how it was pruned and \
                recovered.
                """,
            panels: [
                .chart(
                    .tradeOff(
                        measure,
                        curves: curves.isEmpty
                            ? [
                                (
                                    "original",
                                    found.map {
                                        TradeOffPoint(size: $0.size, value: $0.value, label: nil)
                                    }
                                )
                            ] : curves, original: curves.isEmpty ? nil : original))
            ])
    }
}
