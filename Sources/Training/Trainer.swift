import Models
import Tensor

/// Trains a model's parameters by a recipe.
///
/// The result depends on recipe, inputs and starting values, not on the number of threads nor on where a run was
/// interrupted and went on. How a batch is cut into parts where memory is short may change last bits.
package struct Trainer<Source: BatchSource>: Sendable {
    package let recipe: TrainingRecipe
    package let state: TrainingState
    package let memory: TrainingMemory
    /// Floating-point operations of the whole run.
    package let work: Int
    let source: Source
    let pass: GradientPass
    let teacher: Teacher?
    let schedule: Schedule

    /// - Parameters:
    ///   - parameters: what is trained, in place.
    ///   - teacher: the model to learn from, where the recipe's loss needs one.
    ///   - identity: says what the run is about, so that a state of another one is not gone on with.
    ///   - memoryLimit: bytes for everything that `memory` tells.
    /// Throws `TrainingError` or `ModelError`.
    package init(
        _ recipe: TrainingRecipe, _ parameters: Parameters, source: Source, teacher: Transformer? = nil,
        identity: String = "", memoryLimit: Int
    ) throws {
        try recipe.check()
        let transformer = try parameters.transformer()
        try Self.check(recipe, transformer, source: source)
        self.recipe = recipe
        self.source = source
        let shape = try transformer.tokens(of: source.shape)
        let reading = recipe.loss.reading
        let stepsPerEpoch = source.count / recipe.batch
        schedule = Schedule(recipe, stepsPerEpoch: stepsPerEpoch)
        let own = parameters.names.reduce(0) { $0 + (parameters.tensors[$1]?.count ?? 0) }
        // Beside the four that `TrainingMemory` names, each direction's packed form.
        let copies = PackedMatrix.isSupported ? 6 : 4
        let parameterBytes = copies * own * MemoryLayout<Float>.stride
        do {
            pass = try GradientPass(
                parameters, for: source.shape, batch: recipe.batch, reading: reading, parts: recipe.trainedParts,
                memoryLimit: max(0, memoryLimit - parameterBytes))
        } catch GradientError.memory(let needed, _) {
            throw TrainingError.memory(needed: needed + parameterBytes, limit: memoryLimit)
        }
        let left = memoryLimit - parameterBytes - pass.plan.bytes
        if recipe.loss.isDistillation {
            guard let teacher else { throw TrainingError.noTeacher }
            let made = try Teacher(teacher, reading, source: source, limit: left)
            let width = transformer.width(of: reading, tokens: shape.count)
            // Similarities of features may be compared whatever the features' widths.
            guard reading == .feature || made.width == width else {
                throw TrainingError.teacherDiffers(student: width, teacher: made.width)
            }
            self.teacher = made
        } else {
            self.teacher = nil
        }
        let kept = self.teacher.map { teacher in
            source.isFixed ? Teacher.fitting(source.count, width: teacher.width, limit: left) * teacher.width : 0
        }
        memory = TrainingMemory(
            activations: pass.plan.bytes, parameters: parameterBytes,
            teacher: (kept ?? 0) * MemoryLayout<Float>.stride, part: pass.plan.part)
        let steps = schedule.steps
        let forward = transformer.architecture.flops(of: shape)
        let taught = recipe.loss.isDistillation ? teacher?.architecture.flops(of: shape) ?? 0 : 0
        // The way back multiplies twice what the forward pass multiplies once.
        work = steps * recipe.batch * (3 * forward + taught)
        state = TrainingState(
            recipe: recipe, identity: identity, parameters: parameters, names: pass.gradients.names)
    }

    private static func check(_ recipe: TrainingRecipe, _ transformer: Transformer, source: Source) throws {
        guard source.count >= recipe.batch else {
            throw TrainingError.tooFewInputs(needed: recipe.batch, found: source.count)
        }
        if recipe.dropPath > 0, transformer.architecture.normOrder == .after {
            throw TrainingError.dropPath(family: transformer.architecture.family.title)
        }
        guard case .labels = recipe.loss else { return }
        guard let head = transformer.head else { throw TrainingError.noHead }
        guard let labels = source.labels, labels.count == source.count else {
            throw TrainingError.missingLabels(inputs: source.count)
        }
        if let index = labels.firstIndex(where: { $0 < 0 || $0 >= head.outputs }) {
            throw TrainingError.labelOutOfRange(index: index, label: labels[index], classes: head.outputs)
        }
    }
}
