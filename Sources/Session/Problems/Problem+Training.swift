import Images
import Language
import Models
import Training

extension Problem {
    static func words(_ error: CreationError) -> Diagnostic {
        switch error {
        case .outOfRange(let size, let found):
            Diagnostic(
                "\(words(size)) of \(found) can't be",
                hints: ["give one from \(size.allowed.lowerBound) to \(size.allowed.upperBound)"])
        case .channels(let found):
            Diagnostic("pictures have 1 or 3 channels, not \(found)", hints: ["channels=1 for grey ones, channels=3"])
        case .patchDoesNotDivide(let patch, let image):
            Diagnostic(
                "patches of \(patch) pixels don't fill an image of \(image.height) × \(image.width)",
                hints: ["give a patch that divides \(image.height)"])
        case .headsDoNotDivide(let heads, let width):
            Diagnostic(
                "\(heads) heads don't share a width of \(width) evenly", hints: ["give a number that divides \(width)"])
        case .layerScale(let found): Diagnostic("a layer scale of \(found) can't be")
        case .tooManyParameters(let found, let limit):
            Diagnostic(
                "these sizes come to \(found) parameters", notes: ["amp creates models of up to \(limit)"],
                hints: ["give a smaller width, hidden width or depth"])
        case .statistics: Diagnostic("mean and deviation of the pixels can't be had from these images")
        case .labels(let found, let classes):
            Diagnostic("the data names \(found) classes, and classes=\(classes)", hints: ["leave classes= out"])
        }
    }

    private static func words(_ size: CreationSize) -> String {
        switch size {
        case .imageHeight, .imageWidth: "an image side"
        case .patch: "a patch side"
        case .width: "a width"
        case .depth: "a depth"
        case .heads: "a number of heads"
        case .hidden: "a hidden width"
        case .classes: "a number of classes"
        case .registers: "a number of registers"
        }
    }

    static func words(_ error: AugmentationError) -> Diagnostic {
        switch error {
        case .outOfRange(let parameter, let found):
            Diagnostic(
                "\(found) is no \(words(parameter))",
                hints: ["give a number from \(parameter.allowed.lowerBound) to \(parameter.allowed.upperBound)"])
        case .needsPictures(let step, let path, let tensor):
            Diagnostic(
                "'\(tensor)' of \"\(path)\" holds prepared images, which can't be \(step == .crop ? "cropped" : "recoloured")",
                hints: ["leave \(step == .crop ? "crop= and pad=" : "colour=") out, or train on pictures"])
        }
    }

    private static func words(_ parameter: AugmentationParameter) -> String {
        switch parameter {
        case .cropArea: "share of a picture to crop"
        case .cropAspect: "shape of a crop"
        case .padding: "padding in pixels"
        case .flip: "probability of a flip"
        case .brightness, .contrast, .saturation: "strength of a change of colours"
        case .hue: "turn of the hue"
        case .erasingProbability: "probability of erasing"
        case .erasingArea: "share of an image to erase"
        case .erasingAspect: "shape of what is erased"
        }
    }
}

extension Problem {
    static func words(_ error: TrainingError) -> Diagnostic {
        switch error {
        case .recipe(let field, let value): Diagnostic("a training can't have \(field) \(value)")
        case .tooFewInputs(let needed, let found):
            Diagnostic(
                "a step takes \(needed) images, and there are \(found)",
                hints: ["give a smaller batch: batch=\(max(found, 1))"])
        case .missingLabels: Diagnostic("the images have no labels", hints: ["'distill' needs none"])
        case .labelOutOfRange(let index, let label, let classes):
            Diagnostic(
                "image \(index + 1) has label \(label), and the classifier tells \(classes) classes apart",
                notes: ["labels are counted from 0"], hints: ["create a model with classes=\(label + 1) or more"])
        case .noHead: Diagnostic("the model has no classifier to train", hints: ["'distill' needs none"])
        case .noTeacher: Diagnostic("there is no teacher to learn from", hints: ["distill from …"])
        case .teacherDiffers(let student, let teacher):
            Diagnostic(
                "teacher and student have tokens of other sizes: \(teacher) values an image, and \(student)",
                hints: ["distill by=similarity compares models of any widths"])
        case .dropPath(let family):
            Diagnostic(
                "\(family) has norms after its branches, which therefore can't be left out",
                hints: ["leave droppath= out"])
        case .memory(let needed, let limit):
            Diagnostic(
                "training needs \(bytes(needed)) and may take \(bytes(limit))",
                hints: ["set memory \(needed / 1_000_000 + needed / 5_000_000 + 1)MB, or give a smaller batch"])
        case .diverged(let step, let rate):
            Diagnostic(
                "training has run away: the loss of step \(step + 1) is no number",
                notes: ["its learning rate was \(rate); the session is as it was before"],
                hints: ["give a smaller rate, a longer warmup, or clip=1"])
        case .malformedState(let path, let reason): Diagnostic("\"\(path)\" can't be gone on from: \(reason)")
        case .foreignState(let path, let what): Diagnostic("\"\(path)\" is of another training: another \(what)")
        }
    }
}
