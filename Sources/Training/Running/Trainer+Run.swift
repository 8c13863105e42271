import Models
import Tensor

extension Trainer {
    /// Runs until all epochs are done, or the monitor asks to stop: then what is best so far is the result.
    ///
    /// Throws `TrainingError.diverged`, what loading inputs throws, or what the caller's own functions throw.
    ///
    /// - Parameter monitor: told of progress in floating-point operations.
    package func run(_ events: TrainingEvents = TrainingEvents(), monitor: Monitor = .none) throws -> TrainingResult {
        var wasInterrupted = false
        do { try runSteps(events, monitor) } catch is Interrupted { wasInterrupted = true }
        let progress = state.progress
        return TrainingResult(
            parameters: progress.best == nil ? state.parameters : state.best, best: progress.best,
            history: progress.history, steps: progress.step, wasInterrupted: wasInterrupted, trained: state.names)
    }

    private func runSteps(_ events: TrainingEvents, _ monitor: Monitor) throws {
        let prefetch = Prefetch()
        let steps = schedule.steps
        var orders = EpochOrders(seed: recipe.seed, inputs: source.count, batch: recipe.batch)
        func start(_ step: Int) {
            let indices = orders.indices(of: step)
            let epoch = step / schedule.stepsPerEpoch
            prefetch.start { [source] in try source.load(indices, epoch: epoch) }
        }
        let first = state.progress.step
        // A state that was saved right after an epoch's last step may still lack the epoch's end.
        try finishEpoch(events, after: first)
        guard first < steps else { return }
        start(first)
        for step in first..<steps {
            let indices = orders.indices(of: step)
            guard let inputs = try prefetch.take() else { return }
            if step + 1 < steps { start(step + 1) }
            var isLoading = step + 1 < steps
            defer { if isLoading { _ = try? prefetch.take() } }
            let record = try runStep(step, inputs, indices, monitor)
            events.step(record)
            monitor.progress(work / steps * (step + 1), of: work)
            try finishEpoch(events, after: step + 1)
            if events.shouldSave(record) { try events.save(state) }
            isLoading = false
        }
    }

    /// One step: forward, backward, update.
    private func runStep(
        _ step: Int, _ inputs: Inputs, _ indices: [Int], _ monitor: Monitor
    ) throws -> StepRecord {
        let rate = schedule.learningRate(step)
        let transformer = try state.parameters.transformer()
        let answers = try teacher?.answers(to: inputs, indices, monitor: monitor)
        let drop = dropPath(step, inputs: indices.count, depth: transformer.blocks.count)
        let loss: Double
        switch recipe.loss {
        case .labels(let smoothing):
            let labels = source.labels.map { labels in indices.map { labels[$0] } } ?? []
            let objective = LabelLoss(labels: labels, smoothing: smoothing)
            loss = try pass.run(transformer, inputs, objective, drop: drop, monitor: monitor)
        case .features:
            guard let answers else { throw TrainingError.noTeacher }
            let objective = FeatureLoss(transformer.architecture, teacher: answers)
            loss = try pass.run(transformer, inputs, objective, drop: drop, monitor: monitor)
        case .similarity(let temperature):
            guard let answers else { throw TrainingError.noTeacher }
            let objective = SimilarityLoss(teacher: answers, temperature: temperature)
            loss = try pass.run(transformer, inputs, objective, drop: drop, monitor: monitor)
        }
        guard loss.isFinite else { throw TrainingError.diverged(step: step, learningRate: rate) }
        let norm = pass.gradients.norm
        guard norm.isFinite else { throw TrainingError.diverged(step: step, learningRate: rate) }
        try monitor.check()
        update(step, rate: rate, gradientNorm: norm)
        state.change { progress in
            progress.step = step + 1
            progress.lossSum += loss
        }
        return StepRecord(
            step: step, steps: schedule.steps, epoch: step / schedule.stepsPerEpoch, loss: loss, learningRate: rate,
            gradientNorm: norm)
    }

    private func update(_ step: Int, rate: Double, gradientNorm: Double) {
        let scale = recipe.longestGradient.map { min(1, $0 / (gradientNorm + 1e-6)) } ?? 1
        func adam(_ weightDecay: Double) -> AdamStep {
            AdamStep(
                step: step + 1, learningRate: rate, weightDecay: weightDecay, beta1: recipe.beta1, beta2: recipe.beta2,
                epsilon: recipe.epsilon, gradientScale: scale)
        }
        state.optimizer.update(
            state.parameters, pass.gradients, decayed: adam(schedule.weightDecay(step)), plain: adam(0))
    }

    /// Measures and records the epoch that ends with step number `step`, where one does and is not recorded yet.
    private func finishEpoch(_ events: TrainingEvents, after step: Int) throws {
        let perEpoch = schedule.stepsPerEpoch
        guard step > 0, step % perEpoch == 0, state.progress.history.count < step / perEpoch else { return }
        let measure = try events.evaluate.flatMap { try $0(try state.parameters.transformer()) }
        let record = EpochRecord(
            epoch: step / perEpoch - 1, loss: state.progress.lossSum / Double(perEpoch), measure: measure,
            learningRate: schedule.learningRate(step - 1))
        state.finish(record)
        events.epoch(record)
    }

    /// Which branches a step leaves out; nil where none ever are.
    private func dropPath(_ step: Int, inputs: Int, depth: Int) -> DropPath? {
        guard recipe.dropPath > 0 else { return nil }
        var numbers = RandomNumbers(recipe.seed, 1, step)
        return DropPath(
            factors: (0..<depth).map { block in
                let rate = depth > 1 ? recipe.dropPath * Double(block) / Double(depth - 1) : recipe.dropPath
                return (0..<2).map { _ in
                    (0..<inputs).map { _ in numbers.unit() < rate ? 0 : Float(1 / (1 - rate)) }
                }
            })
    }
}

/// The inputs of each step: shuffled anew each epoch, the last ones that don't fill a batch left out.
private struct EpochOrders {
    let seed: Int
    let inputs: Int
    let batch: Int
    private var known: (epoch: Int, order: [Int])?

    init(seed: Int, inputs: Int, batch: Int) {
        self.seed = seed
        self.inputs = inputs
        self.batch = batch
    }

    mutating func indices(of step: Int) -> [Int] {
        let perEpoch = inputs / batch
        let (epoch, place) = (step / perEpoch, step % perEpoch * batch)
        if known?.epoch != epoch {
            var numbers = RandomNumbers(seed, 0, epoch)
            known = (epoch, numbers.permutation(inputs))
        }
        return Array((known?.order ?? [])[place..<(place + batch)])
    }
}
