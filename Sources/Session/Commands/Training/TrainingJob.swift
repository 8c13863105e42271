import Checkpoints
import Foundation
import Images
import Language
import Models
import Report
import Tensor
import Training

/// One training made ready: what is trained on what, and what it is measured by.
struct TrainingJob {
    /// What is measured after each epoch; larger is better.
    struct Measure: Sendable {
        /// "top-1".
        let title: String
        let of: @Sendable (Transformer) throws -> Double?
    }

    let model: OpenModel
    let data: OpenData
    let recipe: TrainingRecipe
    let augmentation: Augmentation
    /// The model to learn from.
    let teacher: OpenModel?
    let measure: Measure?
    /// Whether the weights of the best epoch are kept rather than the last.
    let keepsBest: Bool

    /// What training came to, as the cache keeps it.
    struct Outcome: Codable {
        let revision: Revision
        let history: [EpochRecord]
        /// The epoch, from 0, whose weights these are.
        let epoch: Int
        let images: Int
        /// Whether it was stopped before the end.
        var wasStopped = false
    }

    /// Trains, or goes on where the same training was stopped, or takes the result from the cache.
    func run(_ context: inout CommandContext) throws -> Outcome {
        let images = try context.images(data.images(for: .calibration), for: model)
        let key = try key(images)
        let hash = try key.hash
        if let known = try context.store.cached(hash), let found = try? JSONDecoder().decode(Outcome.self, from: known),
            context.revisions.has(found.revision)
        {
            context.status("\(faint: "from cache")", data: ["cached": .bool(true)])
            return found
        }
        let share = context.memory(for: model, keeping: model.entry.kept, forGradients: true)
        let source = try TrainingImages(
            images, labels: recipe.loss.isDistillation ? nil : try Labels.of(images.part, data: data, model: model),
            augmentation: augmentation, seed: recipe.seed, memory: share.activations / 4)
        let parameters = try Parameters(model: model.model, keeping: model.entry.kept)
        let trainer: Trainer<TrainingImages>
        do {
            trainer = try Trainer(
                recipe, parameters, source: source, teacher: try teacher.map { try context.transformer($0) },
                identity: hash, memoryLimit: share.activations)
        } catch TrainingError.memory(let needed, _) {
            throw TrainingError.memory(needed: needed + share.weights, limit: share.limit)
        }
        let state = context.revisions.place("training-\(hash.prefix(16))")
        try resume(trainer.state, from: state, &context)
        let watch = context.watch(
            "\(teacher == nil ? "training" : "distilling") \(model.name)", on: model,
            memory: trainer.memory.all + share.weights)
        try context.revisions.prepare()
        // What has been reached holds each trained value four times, and is written beside what was reached before.
        let values = trainer.state.names.reduce(0) { $0 + (parameters.tensors[$1]?.count ?? 0) }
        try context.revisions.checkRoom(for: 8 * values * MemoryLayout<Float>.stride)
        let started = Date()
        let unsaved = Locked<String?>(nil)
        let result = try trainer.run(events(watch, state, unsaved), monitor: watch.monitor)
        if let reason = unsaved.withLock({ $0 }) {
            context.warn("what was reached could not be written down on the way: \(reason)")
        }
        let seconds = Date().timeIntervalSince(started)
        if result.wasInterrupted {
            try trainer.state.write(to: state)
            context.resume = CommandContext.Resume(
                reached: "epoch \(result.history.count + 1) of \(recipe.epochs)", note: "what was reached is kept",
                hint: "the same sentence again goes on from there")
            guard let best = result.best else { throw Interrupted() }
            let outcome = try outcome(
                result, result.parameters, epoch: best.epoch, images.count,
                identity: sha256(of: Data("\(hash) after epoch \(best.epoch)".utf8)), &context)
            return outcome
        }
        context.close(watch, on: model, share: share, activations: trainer.memory.all)
        context.status("\(seconds: seconds)", data: ["seconds": .double(seconds)])
        let epoch = keepsBest ? result.best?.epoch ?? recipe.epochs - 1 : recipe.epochs - 1
        let outcome = try outcome(
            result, keepsBest ? result.parameters : trainer.state.parameters, epoch: epoch, images.count,
            identity: hash, &context)
        try context.store.cache(CacheEntry(key: hash, kind: key.kind, data: try JSONEncoder().encode(outcome)))
        unlink(state)
        returnFreeMemory()
        return outcome
    }

    private func outcome(
        _ result: TrainingResult, _ parameters: Parameters, epoch: Int, _ images: Int, identity: String,
        _ context: inout CommandContext
    ) throws -> Outcome {
        let tensors = try parameters.wholeTensors(
            of: model.model, keeping: model.entry.kept, only: Set(result.trained))
        return Outcome(
            revision: try context.revisions.store(model.model.revision(changing: tensors), identity: identity),
            history: result.history, epoch: epoch, images: images, wasStopped: result.wasInterrupted)
    }

    private func resume(_ state: TrainingState, from path: String, _ context: inout CommandContext) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do { try state.read(from: path) } catch {
            // Its name says that it is this training's, so it was damaged.
            unlink(path)
            context.warn("what an earlier run had reached was damaged and is gone: training starts anew")
            return
        }
        let progress = state.progress
        context.status(
            "\(faint: "goes on after epoch \(progress.history.count) of \(recipe.epochs), step \(progress.step)")",
            data: ["resumed_step": .int(progress.step)])
    }

    /// - Parameter unsaved: why what was reached was last not written down, which is no reason to stop.
    private func events(_ watch: WorkWatch, _ state: String, _ unsaved: Locked<String?>) -> TrainingEvents {
        var events = TrainingEvents()
        let saving = Locked((ended: ProcessInfo.processInfo.systemUptime, took: 0.0))
        let recent = Locked<Double?>(nil)
        let epochs = recipe.epochs
        events.step = { step in
            let loss = recent.withLock { recent -> Double in
                let smooth = recent.map { 0.95 * $0 + 0.05 * step.loss } ?? step.loss
                recent = smooth
                return smooth
            }
            watch.say("epoch \(step.epoch + 1) of \(epochs), loss \(NumberFormat.fixed(loss, digits: 4))")
        }
        if let measure { events.evaluate = measure.of }
        events.shouldSave = { step in
            let now = ProcessInfo.processInfo.systemUptime
            let endsEpoch = (step.step + 1) % max(1, step.steps / epochs) == 0
            let saving = saving.withLock { $0 }
            return now - saving.ended >= max(endsEpoch ? 1 : Self.savingInterval, Self.savingShare * saving.took)
        }
        events.save = { reached in
            let started = ProcessInfo.processInfo.systemUptime
            do {
                try reached.write(to: state)
                unsaved.withLock { $0 = nil }
            } catch {
                unsaved.withLock { $0 = Problem.diagnostic(error, in: SessionState()).message }
            }
            let ended = ProcessInfo.processInfo.systemUptime
            saving.withLock { $0 = (ended, ended - started) }
        }
        return events
    }

    /// Seconds after which what was reached is written down, so that a killed run loses no more; at the end of an epoch
    /// it is sooner.
    private static let savingInterval = 30.0
    /// So many times longer than writing takes is training between: of a large model the state is several gigabytes.
    private static let savingShare = 20.0

    private func key(_ images: PartImages) throws -> CacheKey {
        var key = try CacheKey("training", model)
        key.on(images, of: data)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        key.recipe = [
            "recipe": String(decoding: try encoder.encode(recipe), as: UTF8.self),
            "augmentation": String(decoding: try encoder.encode(augmentation), as: UTF8.self),
            "keep": keepsBest ? "best" : "last",
        ]
        key.recipe["teacher"] = try teacher.map { try CacheKey("view", $0).hash }
        return key
    }
}
