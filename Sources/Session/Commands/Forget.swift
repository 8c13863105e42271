import Language
import Report

/// `forget weights`, `forget trainings`, `forget cache`: makes room on the disk.
enum Forget: Command {
    enum What: String, CaseIterable { case weights, trainings, cache }

    static let spec = CommandSpec(
        "forget", "make room on the disk", abbreviable: false,
        object: .choice(
            "what to forget",
            [
                Choice(
                    What.weights.rawValue, "weights of training and compensation that nothing leads back to"),
                Choice(What.trainings.rawValue, "what stopped trainings had reached; they would begin anew"),
                Choice(
                    What.cache.rawValue,
                    "what was computed: measures and searches are made again when asked for, scores by 'score'"),
            ]),
        help: """
            'show session' says how much there is. Weights that the session has now, or that 'undo' or 'redo' would bring back, \
            stay; those of sentences that were undone and then overtaken by others go. No model or data file is touched, and \
            no sentence leaves the journal. What is forgotten does not come back by 'undo', but by the sentences that made it.
            """,
        examples: [Example("forget weights"), Example("forget cache")])

    static func run(_ sentence: Sentence, _ context: inout CommandContext) throws {
        // A script whose later sentence fails has not happened; this could not be taken back.
        guard !context.isNested else { throw SessionError.onlyAtTop(verb: spec.verb) }
        switch sentence.choice(as: What.self) {
        case .weights: try forgetWeights(&context)
        case .trainings: try forgetTrainings(&context)
        case .cache: try forgetCache(&context)
        case nil: return
        }
    }

    private static func forgetWeights(_ context: inout CommandContext) throws {
        let kept = try context.reachableRevisions()
        let found = try context.revisions.remove { !$0.isTraining && !kept.contains($0.name) }
        let left = try context.revisions.files().filter { !$0.isTraining }
        let data: Fields = [
            "forgotten": .int(found.count), "bytes": .int(found.reduce(0) { $0 + $1.bytes }), "left": .int(left.count),
        ]
        switch (found.isEmpty, left.isEmpty) {
        case (true, true): context.say("the session has no changed weights", data: data)
        case (true, false): context.say("nothing to forget: the session needs \(size(of: left)) of weights", data: data)
        case (false, true): context.say("\(size(of: found)) of weights forgotten, none is left", data: data)
        case (false, false):
            context.say("\(size(of: found)) of weights forgotten, still needed: \(size(of: left))", data: data)
        }
    }

    private static func forgetTrainings(_ context: inout CommandContext) throws {
        let found = try context.revisions.remove(where: \.isTraining)
        context.say(
            found.isEmpty ? "no training is waiting to go on" : "\(size(of: found)) of stopped trainings forgotten",
            data: ["forgotten": .int(found.count), "bytes": .int(found.reduce(0) { $0 + $1.bytes })])
    }

    /// "2 files (5.4 MB)".
    private static func size(of files: [RevisionFolder.File]) -> StyledText {
        "\(count: files.count) \(files.count == 1 ? "file" : "files") (\(bytes: files.reduce(0) { $0 + $1.bytes }))"
    }

    private static func forgetCache(_ context: inout CommandContext) throws {
        let bytes = try context.store.cacheKinds().reduce(0) { $0 + $1.bytes }
        let inUse = try context.state.models.sorted { $0.key < $1.key }.compactMap { name, model in
            try model.scores.flatMap { try context.store.hasCached($0.cacheKey) ? (name, $0.recipe.sentence) : nil }
        }
        let count = try context.store.clearCache()
        context.say(
            count == 0
                ? "the cache is empty"
                : "\(count: count) cached \(count == 1 ? "result" : "results") forgotten, \(bytes: bytes)",
            data: ["forgotten": .int(count), "bytes": .int(bytes)])
        for (name, sentence) in inUse {
            context.note("the scores of '\(name)' are among them: \(key: "\(sentence) on \(name)") makes them again")
        }
    }
}

extension CommandContext {
    /// The hashes of the revisions that the session has, or that undoing and redoing lead to.
    func reachableRevisions() throws -> Set<String> {
        let states = try store.steps(as: SessionState.self) + [state]
        return Set(
            states.flatMap(\.models.values).flatMap { [$0.revision, $0.base] }.compactMap { $0?.hash })
    }
}
