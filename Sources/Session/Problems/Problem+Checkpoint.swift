import Checkpoints
import Foundation
import Language

extension Problem {
    static func words(_ error: CheckpointError) -> Diagnostic {
        switch error {
        case .notFound(let path):
            Diagnostic("there is nothing at \"\(path)\"", hints: ["paths count from the folder amp was started in"])
        case .unreadable(let path, let reason):
            Diagnostic("\"\(path)\" can't be read: \(reason)")
        case .noWeights(let directory, let found):
            noWeights(directory, found)
        case .unsupportedFormat(let path, let format):
            unsupported(path, format)
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
        case .malformedIndex(let path, let reason):
            Diagnostic(
                "\"\(path)\" is no index of weights in several files: \(reason)",
                hints: ["fetch or copy the file again, or load the folder or a file of weights"])
        case .missingShard(let index, let shard):
            Diagnostic(
                "\(shard) is missing: \"\(index)\" says that it holds some of the tensors",
                hints: ["fetch or copy all files that the index names into its folder"])
        case .shardOutsideFolder(let index, let shard):
            Diagnostic(
                "\"\(index)\" names \"\(shard)\", which is not a file of its own folder",
                hints: ["put all files of weights beside the index, and correct the names in it"])
        case .tensorNotInShard(let index, let tensor, let shard):
            Diagnostic(
                "tensor \(tensor) is not in \(shard), where \"\(index)\" says it is",
                hints: ["the index and the files belong to different versions: fetch all of them again"])
        case .malformedArchive(let path, let reason):
            Diagnostic(
                "\"\(path)\" is not a whole archive as torch.save writes it: \(reason)",
                hints: ["fetch or copy the file again"])
        case .malformedPickle(let path, let reason):
            Diagnostic(
                "the pickle inside \"\(path)\" can't be read: \(reason)",
                notes: ["amp reads only what tensors need and runs no code"],
                hints: [
                    "fetch the file again, or save the weights alone: torch.save(model.state_dict(), \"model.pth\")"
                ])
        case .noTensors(let path, let met):
            Diagnostic(
                "there is no dictionary of tensors in \"\(path)\"",
                notes: [
                    "it holds: " + listed(met),
                    "amp builds no objects and runs no code, so a whole pickled model can't be read",
                ],
                hints: ["save the weights alone: torch.save(model.state_dict(), \"model.pth\")"])
        case .severalStateDicts(let path, let keys):
            Diagnostic(
                "\"\(path)\" holds tensors under several keys: \(listed(keys))",
                hints: ["save one of them: torch.save(torch.load(\"…\")[\"\(keys.first ?? "…")\"], \"model.pth\")"])
        case .unsupportedTensor(let path, let tensor, let kind):
            Diagnostic(
                "tensor \(tensor) in \"\(path)\" is \(words(kind)), which amp does not read",
                hints: [remedy(kind)])
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

    // MARK: Folders and formats

    private static func noWeights(_ directory: String, _ found: [String]) -> Diagnostic {
        let weights = found.filter { name in
            [".safetensors", ".bin", ".pth", ".pt", ".index.json"].contains(where: name.hasSuffix)
        }
        if weights.count > 1 {
            return Diagnostic(
                "no model.safetensors in \"\(directory)\", and more than one other file of weights",
                notes: ["it holds: " + listed(weights)],
                hints: ["name the one to load: load \"\((directory as NSString).appendingPathComponent(weights[0]))\""])
        }
        return Diagnostic(
            "no model.safetensors in \"\(directory)\"",
            notes: [found.isEmpty ? "the folder is empty" : "it holds: " + listed(found)],
            hints: ["name the folder that holds model.safetensors or pytorch_model.bin, or a file of weights"])
    }

    private static func unsupported(_ path: String, _ format: ForeignFormat) -> Diagnostic {
        let (what, hints): (String, [String]) =
            switch format {
            case .torchBeforeZip:
                ("in PyTorch's format before version 1.6", [resave])
            case .torchTar: ("a tar archive, PyTorch's very first format", [resave])
            case .torchScript:
                (
                    "a TorchScript model, code and weights in one",
                    ["save the weights alone: torch.save(torch.jit.load(\"…\").state_dict(), \"model.pth\")"]
                )
            case .torchBigEndian:
                ("a PyTorch archive of big-endian numbers", ["write it again on the processor it will be used on"])
            case .pickle:
                (
                    "a Python pickle that torch.save did not write",
                    ["save the weights with torch.save(state_dict, \"model.pth\") or as safetensors"]
                )
            case .zip:
                (
                    "a zip archive without a data.pkl, so none that torch.save wrote",
                    ["unpack it, and load the file of weights inside"]
                )
            case .gguf: ("GGUF", [convert])
            case .hdf5: ("HDF5, as Keras writes it", [convert])
            case .numpy: ("a NumPy array", [convert])
            }
        return Diagnostic("\"\(path)\" is \(what), which amp does not read", hints: hints)
    }

    private static let resave =
        "write it again with a newer PyTorch: torch.save(torch.load(\"old.pth\", map_location=\"cpu\"), \"new.pth\")"
    private static let convert =
        "save the weights as safetensors: safetensors.torch.save_file(state_dict, \"model.safetensors\")"

    // MARK: Kinds of tensors

    private static func words(_ kind: TensorKind) -> String {
        switch kind {
        case .quantised: "quantised"
        case .sparse: "sparse"
        case .meta: "without values"
        case .lazilyChanged: "a conjugated or negated view"
        case .other(let name): "of the kind \(name)"
        }
    }

    private static func remedy(_ kind: TensorKind) -> String {
        switch kind {
        case .quantised: "save the model before it is quantised, or its tensors' dequantize()"
        case .sparse: "save its to_dense()"
        case .meta: "load the weights into the model before saving it"
        case .lazilyChanged: "save its resolve_conj().resolve_neg()"
        case .other: "save it as float32, float16 or bfloat16"
        }
    }
}
