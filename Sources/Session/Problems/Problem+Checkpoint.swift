import Checkpoints
import Language

extension Problem {
    static func words(_ error: CheckpointError) -> Diagnostic {
        switch error {
        case .notFound(let path):
            Diagnostic("there is nothing at \"\(path)\"", hints: ["paths count from the folder amp was started in"])
        case .unreadable(let path, let reason):
            Diagnostic("\"\(path)\" can't be read: \(reason)")
        case .noWeights(let directory, let found):
            Diagnostic(
                "no model.safetensors in \"\(directory)\"",
                notes: [found.isEmpty ? "the folder is empty" : "it holds: " + listed(found)],
                hints: weightsHint(found))
        case .unsupportedFormat(let path, let format):
            Diagnostic(
                "\"\(path)\" is \(format), which amp does not read",
                hints: [
                    "save the weights as safetensors: safetensors.torch.save_file(state_dict, \"model.safetensors\")"
                ])
        case .truncated(let path, let expected, let found):
            Diagnostic(
                "\"\(path)\" ends too early: its header asks for \(expected) bytes, the file has \(found)",
                hints: ["fetch or copy the file again"])
        case .malformedHeader(let path, let reason):
            Diagnostic(
                "the header of \"\(path)\" is not that of a safetensors file: \(reason)",
                hints: ["fetch or copy the file again, or check that it is a safetensors file"])
        case .malformedTensor(let path, let tensor, let reason):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" is described wrongly: \(reason)",
                hints: ["fetch or copy the file again"])
        case .overlappingTensors(let path, let first, let second):
            Diagnostic(
                "tensors \(first) and \(second) in \"\(path)\" claim the same bytes",
                hints: ["fetch or copy the file again"])
        case .malformedJSON(let path, let reason):
            Diagnostic(
                "\"\(path)\" can't be used: \(reason)", hints: ["correct the file, or move it away to load without"])
        case .missingTensor(let path, let tensor):
            Diagnostic("there is no tensor \(tensor) in \"\(path)\"")
        case .unsupportedType(let path, let tensor, let type):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" is of type \(type); amp computes with F32, F16, BF16 and F64",
                hints: ["convert the weights to one of these"])
        case .unwritable(let path, let reason):
            Diagnostic("\"\(path)\" can't be written: \(reason)", notes: ["what was there before is untouched"])
        case .diskFull(let path):
            Diagnostic(
                "the disk is full: \"\(path)\" was not written", notes: ["what was there before is untouched"],
                hints: ["free some space, or write somewhere else"])
        }
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", … (\(names.count) in all)" : "")
    }

    private static func weightsHint(_ found: [String]) -> [String] {
        if found.contains(where: { $0.hasSuffix(".index.json") }) {
            return ["weights in several files are not read yet: merge them into one model.safetensors"]
        }
        if found.contains(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }) {
            return ["PyTorch files are not read: save the weights as safetensors"]
        }
        return ["name the folder that holds model.safetensors, or a .safetensors file"]
    }
}
