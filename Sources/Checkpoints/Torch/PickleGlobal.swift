/// A class or function that a pickle names. None of them is ever called or built: the few that tensors need have their
/// meaning here, the others only their name.
enum PickleGlobal {
    case dictionary
    case rebuildTensor
    /// With an element type of its own.
    case rebuildTypedTensor
    /// Gives its first argument back: a parameter is its tensor.
    case rebuildParameter
    /// A subclass of tensor, or a tensor with attributes: (function, class, arguments, state).
    case rebuildFromType
    case elementType(StorageType)
    case other

    init(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"), ("collections", "defaultdict"), ("builtins", "dict"):
            self = .dictionary
        case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
            self = .rebuildParameter
        case ("torch._tensor", "_rebuild_from_type_v2"): self = .rebuildFromType
        case ("torch", let name), ("torch.storage", let name), ("torch.cuda", let name):
            self = StorageType(torch: name).map(PickleGlobal.elementType) ?? .other
        default: self = .other
        }
    }
}

extension StorageType {
    /// The storages and element types of PyTorch by their names in the module `torch`.
    private static let types: [String: ElementType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
        "ByteStorage": .uint8, "BoolStorage": .bool,
        "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
        "float8_e4m3fn": .float8e4, "float8_e5m2": .float8e5,
        "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8,
        "uint64": .uint64, "uint32": .uint32, "uint16": .uint16, "uint8": .uint8, "bool": .bool,
    ]
    private static let others = ["complex", "float8", "float4", "qint", "quint", "int1", "bits", "uint1"]

    /// nil where the name is none of a storage or element type.
    init?(torch name: String) {
        if name == "UntypedStorage" {
            self = .untyped
        } else if let type = Self.types[name] {
            self = .typed(type)
        } else if name.hasSuffix("Storage") || Self.others.contains(where: name.hasPrefix) {
            self = .other(name)
        } else {
            return nil
        }
    }
}
