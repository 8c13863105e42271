/// A value on the stack of the pickle machine.
///
/// What holds other values lies in the machine's own arrays under an index: the same list may be named many times, or
/// hold itself, and neither copies nor leaks anything.
enum PickleValue {
    case nothing
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// Bytes, a set, or a number beyond 64 bits: of no use to tensors.
    case plain
    case string(Int)
    case sequence(Int, isTuple: Bool)
    case dictionary(Int)
    case global(Int)
    case storage(Int)
    case tensor(Int)
    /// An object that is not built; the index is that of its class or function.
    case opaque(Int)
}

/// A storage of a PyTorch archive, as its persistent id describes it.
struct TorchStorage {
    let type: StorageType
    /// The name of its bytes in the archive.
    let key: String
    /// Elements; bytes where it is untyped.
    let count: Int
}

/// A tensor as the pickle describes it. Nothing of it is checked yet.
struct TorchTensor {
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    /// Where the storage is of bytes only.
    var type: StorageType?
    /// Where the tensor is marked as a conjugated or negated view.
    var isLazilyChanged = false
}

/// What a storage holds.
enum StorageType: Equatable {
    case typed(ElementType)
    /// Bytes; the tensor says what they mean.
    case untyped
    /// A type without a place in safetensors, by its name.
    case other(String)
}
