/// Why training cannot begin or go on.
package enum TrainingError: Error, Equatable {
    /// A number of the recipe that it cannot have.
    case recipe(field: String, value: String)
    /// Fewer inputs than a batch has.
    case tooFewInputs(needed: Int, found: Int)
    /// A label for each input is needed.
    case missingLabels(inputs: Int)
    /// A label that the classifier has no class for.
    case labelOutOfRange(index: Int, label: Int, classes: Int)
    /// The model has no classifier.
    case noHead
    /// A distillation without a teacher.
    case noTeacher
    /// Teacher and student give values of other sizes.
    case teacherDiffers(student: Int, teacher: Int)
    /// Branches can be left out only where the residual connection goes past the norms.
    case dropPath(family: String)
    /// Not even one unit of inputs fits, in bytes.
    case memory(needed: Int, limit: Int)
    /// The loss, or a gradient, is no number.
    case diverged(step: Int, learningRate: Double)
    /// The file is no training state, or a damaged one.
    case malformedState(path: String, reason: String)
    /// The state is of another model, recipe or data.
    case foreignState(path: String, what: String)
}
