/// What can be wrong with a checkpoint on disk. Each case carries the facts; the session words them.
package enum CheckpointError: Error, Equatable {
    /// Nothing at that path.
    case notFound(path: String)
    /// The file is there but the system refuses it (`reason`: its own words).
    case unreadable(path: String, reason: String)
    /// A directory without a file of weights, or with several; `found` lists what it holds.
    case noWeights(directory: String, found: [String])
    /// A format that amp does not read.
    case unsupportedFormat(path: String, format: ForeignFormat)
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

    /// The index of a checkpoint in several files names no tensors and files.
    case malformedIndex(path: String, reason: String)
    /// The index names a file that is not there.
    case missingShard(index: String, shard: String)
    /// The index names a file outside its own folder.
    case shardOutsideFolder(index: String, shard: String)
    /// The file that the index names for a tensor does not hold it.
    case tensorNotInShard(index: String, tensor: String, shard: String)

    /// The zip archive of a PyTorch file is not whole, or not as torch.save writes it.
    case malformedArchive(path: String, reason: String)
    /// The pickle inside a PyTorch file is broken or asks for more than tensors need.
    case malformedPickle(path: String, reason: String)
    /// A PyTorch file without a dictionary of tensors; `met` lists what it holds instead.
    case noTensors(path: String, met: [String])
    /// A PyTorch file with more than one dictionary of tensors, none of a usual name.
    case severalStateDicts(path: String, keys: [String])
    /// A tensor of a kind that amp does not read.
    case unsupportedTensor(path: String, tensor: String, kind: TensorKind)

    /// Writing failed (`reason`: the system's words).
    case unwritable(path: String, reason: String)
    /// Writing failed because the disk is full.
    case diskFull(path: String)
}

/// Kinds of PyTorch tensors that are more, or something else, than numbers in a storage.
package enum TensorKind: Sendable, Hashable {
    case quantised, sparse
    /// Without values.
    case meta
    /// A view that conjugates or negates its values on the fly.
    case lazilyChanged
    /// Elements of a type that safetensors does not have, or a tensor rebuilt by a function amp does not know.
    case other(String)
}
