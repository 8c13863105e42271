import Language

extension Problem {
    static func words(_ error: SessionError) -> Diagnostic {
        switch error {
        case .noModel(let verb):
            Diagnostic("'\(verb)' needs a model, and none is loaded", hints: ["load \"…\""])
        case .noData(let verb): Diagnostic("'\(verb)' needs images, and none are listed", hints: ["data \"…\""])
        case .unknownModel(let name, let known, let span):
            unknown("there is no model '\(name)'", name, known, "load \"…\" as \(name)", span)
        case .unknownData(let name, let known, let span):
            unknown("there is no data set '\(name)'", name, known, "data \"…\" as \(name)", span)
        case .unknownName(let name, let known, let span):
            unknown("there is no model or data set '\(name)'", name, known, "load \"…\" as \(name)", span)
        case .sourceMoved(let model, let path):
            Diagnostic(
                "the checkpoint of '\(model)' is no longer at \"\(path)\"",
                hints: ["put it back, or load it from where it is now: load \"…\" as \(model)"])
        case .sourceChanged(let model, let path, let was, let now):
            Diagnostic(
                "the checkpoint of '\(model)' has changed since it was loaded: \"\(path)\"",
                notes: [changed(was, now)],
                hints: ["put the old file back, or load the new one: load \"…\" as \(model)"])
        case .revisionLost(let model, let path):
            Diagnostic(
                "the changed weights of '\(model)' are not at \"\(path)\" any more, or have changed",
                notes: ["a session keeps them in the folder beside its file"],
                hints: ["put the folder back, or undo and run the sentence that made them again"])
        case .dataChanged(let data, let path, let cell):
            Diagnostic(
                "the images of '\(data)' are not those of \(cell) any more: \"\(path)\"",
                hints: ["put them back, or list them anew: data \"…\" as \(data)"])
        case .noPart(let data, let part): Diagnostic("'\(data)' has no \(part) images", hints: ["data \"…\" split 50%"])
        case .noPreprocessing(let model, let channels):
            Diagnostic(
                "'\(model)' takes images of \(channels) channels; pictures have 1 or 3",
                hints: ["use prepared images: data \"….safetensors\" tensor=images"])
        case .noLabels(let data, let what): Diagnostic("'\(data)' has no labels", hints: ["use data with \(what)"])
        case .labelsDoNotMatch(let data, let classes, let model, let labels):
            Diagnostic(
                "the classes of '\(data)' are not those of '\(model)'",
                notes: [
                    "the data has \(classes.count): " + classes.prefix(4).joined(separator: ", ")
                        + (classes.count > 4 ? ", …" : "") + "; the model has \(labels)"
                ],
                hints: [
                    "evaluate knn and evaluate agreement need no such match; create … classes=\(classes.count) makes a model for 'train'"
                ])
        case .noHead(let model, let what):
            Diagnostic(
                "'\(model)' has no classifier, which \(what) needs",
                hints: ["evaluate knn needs none; create … classes=10 makes a model for 'train'"])
        case .noScores(let model):
            Diagnostic("'\(model)' has not been scored yet", hints: ["score entropy"])
        case .staleScores(let model, let changedBy, let scores, let sentence):
            Diagnostic(
                "these scores belong to another model",
                notes: ["'\(model)' changed at \(changedBy); its scores are from [\(scores.number)]"],
                hints: ["\(sentence)   (or: undo)"])
        case .scoresLackLayer(let layer, let scores, let span):
            Diagnostic(
                "layer \(layer) has not been scored", at: span,
                notes: ["\(scores) rated other layers"], hints: ["score all layers: score entropy"])
        case .noRoom(let folder, let needed, let free):
            Diagnostic(
                "this writes up to \(bytes(needed)) into \(folder), and the disk has \(bytes(free)) left",
                hints: ["free some space (forget weights, forget cache), or use a session elsewhere"])
        case .scoresForgotten(let scores, let sentence):
            Diagnostic("the scores of \(scores) are no longer in the cache", hints: [sentence])
        case .noPlan(let model, let verb):
            Diagnostic(
                "'\(verb)' needs the widths that a search found, and '\(model)' has not been searched",
                hints: ["search all within 0.01"])
        case .planApplied(let plan, let by):
            Diagnostic(
                "nothing to prune: \(by) has applied the plan from [\(plan.number)]",
                hints: ["score and search again to go on"])
        case .stalePlan(let model, let changedBy, let plan):
            Diagnostic(
                "this plan belongs to another model",
                notes: ["'\(model)' changed at \(changedBy); its plan is from [\(plan.number)]"],
                hints: ["score and search again   (or: undo)"])
        case .nothingNarrower(let plan, let tolerance):
            Diagnostic(
                "nothing to prune: every layer keeps its full width",
                notes: [
                    "the plan from [\(plan.number)] accepted no smaller width"
                        + (tolerance.map { " within \($0)" } ?? "")
                ],
                hints: ["search all within 2%"])
        case .layersNotSearched(let layers, let plan):
            Diagnostic(
                "the plan from [\(plan.number)] says nothing of layer \(layers.map(String.init).joined(separator: ", "))",
                hints: ["search layer \(layers[0])"])
        case .teacherSeesOtherwise(let model, let rules, let teacher, let theirs):
            Diagnostic(
                "'\(teacher)' and '\(model)' take images prepared in different ways",
                notes: ["\(model): \(rules)", "\(teacher): \(theirs)"],
                hints: ["a teacher sees what its student sees: take one that is made for the same images"])
        case .nothingToRecover(let model):
            Diagnostic(
                "'\(model)' is its own original: there is nothing to learn from it",
                hints: ["prune it first, or name a teacher: distill from …"])
        case .exists(let path, let verb) where verb == "file" || verb == "folder":
            Diagnostic(
                "\"\(path)\" exists and holds something else", notes: ["it was left as it is"],
                hints: ["add the word replace, or write somewhere else"])
        case .exists(let name, let kind):
            Diagnostic("'\(name)' is the name of a \(kind) already", hints: ["give another name with: as NAME"])
        case .notReplaceable(let path, let reason):
            Diagnostic("\"\(path)\" can't be written to: \(reason)", hints: ["name another place"])
        case .noMeasure(let measure, let evaluate):
            Diagnostic(
                "'\(measure)' has not been measured on the model as it is now", hints: ["evaluate \(evaluate)"])
        case .unmet(let measure, let found, let comparison, let expected):
            Diagnostic("expected \(measure) \(comparison) \(expected), found \(found)")
        case .onlyAtTop(let verb):
            Diagnostic("'\(verb)' can't stand inside another sentence")
        case .scriptMissing(let path, let reason): Diagnostic("the script \"\(path)\" can't be read: \(reason)")
        case .unknownParameter(let name, let script, let known):
            unknown(
                "\"\(script)\" has no param '\(name)'", name, known, "param \(name) = … in the script declares it", nil)
        case .scriptRunsItself(let path): Diagnostic("the script \"\(path)\" runs itself")
        case .scriptInvalid(let rendered, let count):
            Diagnostic(
                "the script does not read well, so nothing of it ran",
                notes: [rendered] + (count > 1 ? ["and \(count - 1) more"] : []))
        case .badGrid(let text):
            Diagnostic(
                "grid=\"\(text)\" is no patch grid", hints: ["give rows and columns of patches: grid=\"16x20\""])
        case .noKNNBank(let data):
            Diagnostic(
                "kNN needs labelled calibration images to vote and other images to judge; '\(data)' is not split",
                hints: ["data \"…\" split 50%"])
        }
    }

    private static func changed(_ was: String?, _ now: String?) -> String {
        switch (was, now) {
        case (let was?, let now?): "SHA-256 was \(was.prefix(12))…, is \(now.prefix(12))…"
        case (_?, nil): "its size is another"
        case (nil, _): "its size or time is another, and nothing needed its SHA-256 before that could be compared"
        }
    }

    private static func unknown(
        _ message: String, _ name: String, _ known: [String], _ hint: String, _ span: SourceSpan?
    ) -> Diagnostic {
        if let near = Suggestion.near(name, among: known).first {
            return Diagnostic(message, at: span, label: "did you mean '\(near)'?")
        }
        return Diagnostic(
            message, at: span, notes: known.isEmpty ? [] : ["there are: " + known.joined(separator: ", ")],
            hints: [hint])
    }
}
