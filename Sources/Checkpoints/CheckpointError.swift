/// What can be wrong with a checkpoint on disk. Each case carries the facts; the session words them.
package enum CheckpointError: Error, Equatable {
    /// Nothing at that path.
    case notFound(path: String)
    /// The file is there but the system refuses it (`reason`: its own words).
    case unreadable(path: String, reason: String)
    /// A directory without a file of weights; `found` lists what it holds instead.
    case noWeights(directory: String, found: [String])
    /// A format that amp does not read.
    case unsupportedFormat(path: String, format: String)
    /// The file ends before what it announces.
    case truncated(path: String, expectedBytes: Int, foundBytes: Int)
    /// The header of a safetensors file is not what the format says.
    case malformedHeader(path: String, reason: String)
    /// One entry of the header is not what the format says.
    case malformedTensor(path: String, tensor: String, reason: String)
    /// Two tensors claim the same bytes.
    case overlappingTensors(path: String, first: String, second: String)
    /// A JSON file beside the weights can't be read.
    case malformedJSON(path: String, reason: String)
    /// No tensor of that name.
    case missingTensor(path: String, tensor: String)
    /// The tensor's type is not one amp computes with.
    case unsupportedType(path: String, tensor: String, type: String)
    /// Writing failed (`reason`: the system's words).
    case unwritable(path: String, reason: String)
    /// Writing failed because the disk is full.
    case diskFull(path: String)
}
