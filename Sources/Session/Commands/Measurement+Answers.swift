import Evaluation
import Images
import Models
import Report

// How good a model's answers are, as 'evaluate' and 'compare' measure it.
extension Measurement {
    static func key(
        _ kind: String, _ model: OpenModel, _ data: OpenData, _ images: PartImages, _ recipe: [String: String] = [:]
    ) throws -> CacheKey {
        var key = try CacheKey(kind, model)
        key.on(images, of: data)
        key.recipe = recipe
        return key
    }

    /// The share of right answers where the k nearest calibration images vote, and how many there are to vote.
    static func knn(
        k: Int, of model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws -> (share: Double, bank: Int) {
        guard let bankPart = data.part(.calibration), data.isSplit else {
            throw SessionError.noKNNBank(data: data.name)
        }
        guard let bankLabels = bankPart.labels, let labels = images.part.labels else {
            throw SessionError.noLabels(data: data.name, what: "class folders or labels")
        }
        let bank = try context.images(bankPart, for: model)
        let share = try context.cached(
            key("knn", model, data, images, ["k": String(k), "bank": String(bank.count)]), as: Double.self
        ) { context in
            let votes = NearestNeighbours(
                bank: UnitFeatures(try outputs(of: model, images: bank, in: data, context).features),
                labels: bankLabels, k: k)
            let queries = UnitFeatures(try outputs(of: model, images: images, in: data, context).features)
            return accuracy(try votes.classify(queries), labels)
        }
        return (share, bank.count)
    }

    /// The share of images whose class the classifier names.
    static func top1(
        of model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws -> Double {
        let labels = try Labels.of(images.part, data: data, model: model)
        return try context.cached(key("top1", model, data, images), as: Double.self) { context in
            guard let logits = try outputs(of: model, images: images, in: data, wanting: .logits, context).logits
            else { throw SessionError.noHead(model: model.name, what: "'evaluate top1'") }
            return accuracy(topClasses(logits), labels)
        }
    }

    struct Comparison: Codable {
        let measure: Agreement.Measure
        let share: Double
        let cosine: Double
    }

    /// How far a model answers as its unpruned original does.
    static func agreement(
        of model: OpenModel, _ data: OpenData, _ images: PartImages, _ context: inout CommandContext
    ) throws -> Comparison {
        try context.cached(key("agreement", model, data, images), as: Comparison.self) { context in
            let now = try outputs(of: model, images: images, in: data, wanting: .logits, context)
            let original = try outputs(of: model.original, images: images, in: data, wanting: .logits, context)
            return try comparison(of: now, with: original)
        }
    }

    /// The same between any two models; by classes where both have as many, else by neighbours.
    static func comparison(of now: Outputs, with original: Outputs) throws -> Comparison {
        let features = UnitFeatures(now.features)
        let originalFeatures = UnitFeatures(original.features)
        let agreement: Agreement
        if let logits = now.logits, let originalLogits = original.logits, logits.shape == originalLogits.shape {
            agreement = Agreement(
                logits: logits, originalLogits: originalLogits, features: features, originalFeatures: originalFeatures)
        } else {
            agreement = try Agreement(features: features, originalFeatures: originalFeatures)
        }
        return Comparison(measure: agreement.measure, share: agreement.share, cosine: agreement.cosine)
    }
}

extension CommandContext {
    /// Adds to what was just measured how large the model is and how it was ranked, so that measures can be drawn over
    /// sizes later.
    mutating func describeMeasured(_ model: OpenModel, _ data: OpenData) throws {
        guard
            let place = outputs.lastIndex(where: {
                if case .line(_, let fields) = $0 { fields["measure"] != nil } else { false }
            }), case .line(let text, var fields) = outputs[place]
        else { return }
        let (now, whole) = (model.cost(keeping: model.entry.kept), model.cost(keeping: model.everything))
        fields["model"] = .string(model.name)
        fields["source"] = .string(String(try model.hash.value.prefix(16)))
        fields["data"] = .string(data.name)
        fields["data_fingerprint"] = .string(data.entry.fingerprint)
        fields["parameters"] = .int(now.parameters)
        fields["parameters_whole"] = .int(whole.parameters)
        fields["flops"] = .int(now.flops)
        fields["flops_whole"] = .int(whole.flops)
        fields["criterion"] = Report.Value(model.criterion?.rawValue)
        fields["pruned_by"] = Report.Value(model.prunedBy)
        outputs[place] = .line(text, data: fields)
    }
}

extension OpenModel {
    /// What its neurons were ranked by when it was last pruned; nil for a whole model.
    var criterion: Criterion? { lastSearch?.scores.criterion }

    private var lastSearch: SearchRecipe? {
        entry.prunings.last?.searches.sorted { $0.key < $1.key }.last?.value
    }

    /// How it came to its size, as lines of a plot tell ways apart: "entropy, uniform, compensated"; nil for a whole model.
    var prunedBy: String? {
        lastSearch.map { search in
            var words = [search.scores.criterion.rawValue]
            if search.scores.signed { words.append("signed") }
            if let given = GivenWidths.allCases.first(where: { search.tolerance.hasPrefix($0.rawValue) }) {
                words.append(given.rawValue)
            }
            if search.refusesFalls == true { words.append("falls=no") }
            // The cell may be a loop or a script; the sentence is the one that did it.
            switch entry.revision?.steps.last?.sentence.prefix(while: { $0 != " " }) {
            case "prune": words.append("compensated")
            case "distill": words.append("distilled")
            case "train": words.append("trained")
            default: break
            }
            return words.joined(separator: ", ")
        }
    }
}
