import Checkpoints
import Foundation
import Models
import Samples
import Tensor
import Testing
import Training

@Suite("Training", .serialized)
struct TrainerTests {
    private static let roomy = 1 << 30
    private let tiny = TinyModel.timm(TinyModel.Sizes(hidden: [12, 12], classes: 4))

    private func parameters(_ model: Model, removing: Bool = false) throws -> Parameters {
        var kept = KeptNeurons(allOf: model.architecture.depth)
        if removing {
            for block in 0..<model.architecture.depth { kept = kept.keeping([7, 1, 4, 0, 9, 2], of: block) }
        }
        return try Parameters(model: model, keeping: kept)
    }

    private func images(_ count: Int) -> LoadedImages { tiny.images(count, seed: 12) }

    private func recipe(_ loss: TrainingLoss) -> TrainingRecipe {
        var recipe = TrainingRecipe(loss: loss)
        recipe.epochs = 4
        recipe.batch = 8
        recipe.baseLearningRate = 0.1
        recipe.leastLearningRate = 1e-4
        recipe.weightDecay = 0.01
        recipe.longestGradient = 5
        recipe.seed = 7
        return recipe
    }

    private let labelLoss = TrainingLoss.labels(smoothing: 0.1)

    private func bits(_ parameters: Parameters) -> [[UInt32]] {
        parameters.names.map { parameters.tensors[$0]?.values.map(\.bitPattern) ?? [] }
    }

    private func labels(_ count: Int) -> [Int] { (0..<count).map { ($0 * 7) % 4 } }

    // MARK: What it reaches

    @Test("a few images are learned by heart")
    func overfits() throws {
        let model = try tiny.load()
        var recipe = recipe(.labels(smoothing: 0))
        recipe.epochs = 150
        recipe.baseLearningRate = 0.3
        let parameters = try parameters(model)
        let images = images(16)
        let trainer = try Trainer(
            recipe, parameters, source: PlainBatches(images, labels: labels(16)), memoryLimit: Self.roomy)
        let result = try trainer.run()
        let logits = try #require(try result.parameters.transformer().run(images, wanting: .logits).logits)
        let right = (0..<16).count { image in
            let row = UnsafeBufferPointer(start: logits.row(image), count: 4)
            return row.indices.max { row[$0] < row[$1] } == labels(16)[image]
        }
        #expect(right == 16)
        #expect(!result.wasInterrupted)
        #expect(result.history.count == 150)
        #expect((result.best?.loss ?? 1) < 0.05)
    }

    @Test(
        "distillation brings a pruned model closer to what it was",
        arguments: [TrainingLoss.features, .similarity(temperature: 15)])
    func distils(_ loss: TrainingLoss) throws {
        let model = try tiny.load()
        var recipe = recipe(loss)
        recipe.epochs = 30
        let parameters = try parameters(model, removing: true)
        let before = parameters.copy()
        let trainer = try Trainer(
            recipe, parameters, source: PlainBatches(images(24)),
            teacher: try model.transformer(keeping: KeptNeurons(allOf: 2)), memoryLimit: Self.roomy)
        #expect(trainer.memory.teacher > 0)
        let result = try trainer.run()
        let first = try #require(result.history.first)
        let best = try #require(result.best)
        #expect(best.loss < first.loss / 3)
        // What stands after the last block is put back unchanged.
        for name in ["norm.weight", "norm.bias", "head.weight", "head.bias"] {
            #expect(result.parameters.tensors[name]?.values == before.tensors[name]?.values)
            #expect(!result.trained.contains(name))
        }
        #expect(
            result.parameters.tensors["blocks.0.mlp.fc1.weight"]?.values
                != before.tensors["blocks.0.mlp.fc1.weight"]?.values)
    }

    @Test("only what is to be trained changes")
    func onlyMLPs() throws {
        let model = try tiny.load()
        var recipe = recipe(labelLoss)
        recipe.parts = .mlps
        let parameters = try parameters(model)
        let before = parameters.copy()
        let trainer = try Trainer(
            recipe, parameters, source: PlainBatches(images(24), labels: labels(24)), memoryLimit: Self.roomy)
        let result = try trainer.run()
        for name in parameters.names {
            let changed = parameters.tensors[name]?.values != before.tensors[name]?.values
            #expect(changed == name.contains(".mlp."), "\(name)")
            #expect(result.trained.contains(name) == name.contains(".mlp."))
        }
    }

    // MARK: The same whatever happens

    /// Images that differ from epoch to epoch, and a teacher term, so that everything random takes part.
    private struct Changing: BatchSource {
        let images: LoadedImages
        let labels: [Int]?
        var count: Int { images.count }
        var shape: InputShape { images.shape }
        var isFixed: Bool { false }

        func load(_ indices: [Int], epoch: Int) throws -> Inputs {
            let batch = FloatBuffer([indices.count] + images.buffer.shape.dropFirst())
            for (row, index) in indices.enumerated() {
                var numbers = RandomNumbers(1, epoch, index)
                for i in 0..<batch.rowCount {
                    batch.row(row)[i] = images.buffer.row(index)[i] + Float(numbers.unit()) * 0.1
                }
            }
            return .images(batch)
        }
    }

    private func trainer(_ model: Model) throws -> Trainer<Changing> {
        var recipe = recipe(.features)
        recipe.dropPath = 0.3
        return try Trainer(
            recipe, try parameters(model, removing: true), source: Changing(images: images(27), labels: labels(27)),
            teacher: try model.transformer(keeping: KeptNeurons(allOf: 2)), identity: "one", memoryLimit: Self.roomy)
    }

    @Test(
        "a run that was stopped and goes on from its saved state ends with the same bits", arguments: [1, 3, 4, 6, 9])
    func resumes(_ stop: Int) throws {
        let model = try tiny.load()
        let straight = try trainer(model)
        let expected = try straight.run()
        #expect(expected.steps == 12)
        try withTemporaryFolder { folder in
            let path = folder + "/state.safetensors"
            let stopped = try trainer(model)
            var events = TrainingEvents()
            let isDone = Locked(false)
            events.shouldSave = { $0.step + 1 == stop }
            events.save = { state in
                try state.write(to: path)
                isDone.withLock { $0 = true }
            }
            let result = try stopped.run(events, monitor: Monitor(isCancelled: { isDone.withLock { $0 } }))
            #expect(result.wasInterrupted)
            #expect(result.steps == stop)
            let again = try trainer(model)
            try again.state.read(from: path)
            #expect(again.state.progress.step == stop)
            let found = try again.run()
            #expect(found.history == expected.history)
            #expect(found.best == expected.best)
            #expect(bits(found.parameters) == bits(expected.parameters))
            #expect(bits(again.state.parameters) == bits(straight.state.parameters))
        }
    }

    @Test("any number of threads gives the same bits")
    func threads() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let model = try tiny.load()
        let found = try [1, 2, 3].map { threads in
            Parallel.threads = threads
            return bits(try trainer(model).run().parameters)
        }
        #expect(found[0] == found[1])
        #expect(found[0] == found[2])
    }

    @Test("a stop in the middle gives what was best so far")
    func interrupted() throws {
        let model = try tiny.load()
        let trainer = try trainer(model)
        let steps = Locked(0)
        let afterEpoch = Locked<[[UInt32]]>([])
        var events = TrainingEvents()
        events.step = { _ in steps.withLock { $0 += 1 } }
        events.evaluate = { [bits] _ in
            if afterEpoch.withLock({ $0.isEmpty }) {
                let now = bits(trainer.state.parameters)
                afterEpoch.withLock { $0 = now }
                return 0.9
            }
            return 0.1
        }
        let result = try trainer.run(events, monitor: Monitor(isCancelled: { steps.withLock { $0 } >= 8 }))
        #expect(result.wasInterrupted)
        #expect(result.steps == 8)
        #expect(result.history.map(\.measure) == [0.9, 0.1])
        #expect(result.best?.epoch == 0)
        #expect(bits(result.parameters) == afterEpoch.withLock { $0 })
    }

    // MARK: What it refuses

    @Test("a state that is damaged, or of another run, is refused and changes nothing")
    func badStates() throws {
        let model = try tiny.load()
        try withTemporaryFolder { folder in
            let path = folder + "/state.safetensors"
            let trainer = try trainer(model)
            try trainer.state.write(to: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let before = bits(trainer.state.parameters)
            var flipped = whole
            flipped[flipped.endIndex - 4] ^= 1
            let damaged = [
                Data(), whole.prefix(5), whole.prefix(whole.count / 2), whole.dropLast(4), Data("no state".utf8),
                Data(whole.map { $0 ^ 0xFF }), flipped,
            ]
            for data in damaged {
                try data.write(to: URL(fileURLWithPath: path))
                #expect(throws: TrainingError.self) { try trainer.state.read(from: path) }
            }
            #expect(throws: TrainingError.self) { try trainer.state.read(from: folder + "/missing") }
            try whole.write(to: URL(fileURLWithPath: path))
            #expect(throws: Never.self) { try trainer.state.read(from: path) }
            let other = try Trainer(
                trainer.recipe, try parameters(model, removing: true),
                source: Changing(images: images(27), labels: labels(27)),
                teacher: try model.transformer(keeping: KeptNeurons(allOf: 2)), identity: "two",
                memoryLimit: Self.roomy)
            #expect(throws: TrainingError.foreignState(path: path, what: "model or inputs")) {
                try other.state.read(from: path)
            }
            #expect(bits(trainer.state.parameters) == before)
        }
    }

    @Test("a loss that is no number stops the run and says where")
    func diverges() throws {
        let model = try tiny.load()
        var recipe = recipe(labelLoss)
        recipe.baseLearningRate = 1e30
        recipe.warmUpEpochs = 0
        recipe.longestGradient = nil
        let parameters = try parameters(model)
        let trainer = try Trainer(
            recipe, parameters, source: PlainBatches(images(24), labels: labels(24)), memoryLimit: Self.roomy)
        let error = #expect(throws: TrainingError.self) { try trainer.run() }
        guard case .diverged(let step, let rate) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(step > 0)
        #expect(rate > 1e20)
    }

    @Test("what cannot be trained is refused before anything is computed")
    func refusals() throws {
        let model = try tiny.load()
        let source = PlainBatches(images(24), labels: labels(24))
        let whole = try parameters(model)
        func begin(_ recipe: TrainingRecipe, _ source: PlainBatches<LoadedImages>, limit: Int = Self.roomy) throws {
            _ = try Trainer(recipe, whole, source: source, memoryLimit: limit)
        }
        #expect(throws: TrainingError.tooFewInputs(needed: 8, found: 5)) {
            try begin(recipe(labelLoss), PlainBatches(images(5), labels: labels(5)))
        }
        #expect(throws: TrainingError.missingLabels(inputs: 24)) {
            try begin(recipe(labelLoss), PlainBatches(images(24)))
        }
        #expect(throws: TrainingError.labelOutOfRange(index: 3, label: 4, classes: 4)) {
            try begin(recipe(labelLoss), PlainBatches(images(24), labels: [0, 1, 2] + Array(repeating: 4, count: 21)))
        }
        #expect(throws: TrainingError.noTeacher) { try begin(recipe(.features), source) }
        #expect(throws: TrainingError.self) { try begin(recipe(labelLoss), source, limit: 10_000) }
        let bert = try TinyModel.bert().load()
        var dropping = recipe(labelLoss)
        dropping.dropPath = 0.1
        let texts = TinyModel.bert().inputs(8)
        #expect(throws: TrainingError.dropPath(family: bert.architecture.family.title)) {
            try Trainer(
                dropping, try parameters(bert), source: PlainBatches(texts, labels: labels(8)),
                memoryLimit: Self.roomy)
        }
    }
}
