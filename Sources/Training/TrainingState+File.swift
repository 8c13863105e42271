import Checkpoints
import Foundation
import Models
import Tensor

/// A training state as one safetensors file: tensors, and everything else as JSON in its metadata.
extension TrainingState {
    private static let key = "amp.training"
    private static let version = 2

    private struct Header: Codable {
        let version: Int
        let recipe: TrainingRecipe
        let identity: String
        let progress: Progress
        /// SHA-256 of the tensors' values, one after another.
        let checksum: String
    }

    /// The tensors of the file: what is trained, its running means and squares, and the best so far.
    private var tensors: [(name: String, values: FloatBuffer)] {
        names.flatMap { name in
            let all = [
                ("parameter/", parameters.tensors[name]), ("mean/", optimizer.means[name]),
                ("square/", optimizer.squares[name]), ("best/", best.tensors[name]),
            ]
            return all.compactMap { prefix, tensor in tensor.map { (prefix + name, $0) } }
        }
    }

    private static func checksum(of tensors: [FloatView]) -> String {
        sha256(
            ofPieces: tensors.map { UnsafeRawBufferPointer(start: $0.base, count: $0.count * MemoryLayout<Float>.size) }
        )
    }

    /// Writes the state beside `path`, then puts it there. Throws `CheckpointError`.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let tensors = tensors
        let header = Header(
            version: Self.version, recipe: recipe, identity: identity, progress: progress,
            checksum: Self.checksum(of: tensors.map { FloatView($0.values) }))
        let file = try StagedFile(target: path)
        let sources = tensors.map { name, tensor in
            TensorSource(name: name, type: .float32, shape: tensor.shape) { write in
                try write(UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.count * MemoryLayout<Float>.size))
            }
        }
        let json = String(decoding: try encoder.encode(header), as: UTF8.self)
        try SafetensorsWriter.write(sources, metadata: [Self.key: json], to: file)
        try file.commit()
    }

    /// Takes over a state from a file.
    ///
    /// Throws `TrainingError.malformedState` where it is none or damaged, `TrainingError.foreignState` where it belongs to
    /// another run. The state is unchanged then.
    package func read(from path: String) throws(TrainingError) {
        let file: SafetensorsFile
        do { file = try SafetensorsFile(path: path) } catch {
            throw .malformedState(path: path, reason: Self.reason(error))
        }
        guard let json = file.metadata?[Self.key] else {
            throw .malformedState(path: path, reason: "it holds no training state")
        }
        guard let header = try? JSONDecoder().decode(Header.self, from: Data(json.utf8)), header.version == Self.version
        else { throw .malformedState(path: path, reason: "its description cannot be read") }
        guard header.identity == identity else { throw .foreignState(path: path, what: "model or inputs") }
        guard header.recipe == recipe else { throw .foreignState(path: path, what: "recipe") }
        let progress = header.progress
        guard progress.step >= 0, progress.lossSum.isFinite, progress.history.count <= recipe.epochs else {
            throw .malformedState(path: path, reason: "its description cannot be so")
        }
        var found: [(FloatView, FloatBuffer)] = []
        for (name, target) in tensors {
            guard let info = file.tensors[name], info.type == .float32, info.shape == target.shape,
                let view = try? file.view(name)
            else { throw .malformedState(path: path, reason: "tensor \(name) is missing or of another shape") }
            guard view.firstNonFinite == nil else {
                throw .malformedState(path: path, reason: "tensor \(name) holds values that are no numbers")
            }
            found.append((view, target))
        }
        guard file.tensors.count == found.count else { throw .foreignState(path: path, what: "trained parameters") }
        guard Self.checksum(of: found.map(\.0)) == header.checksum else {
            throw .malformedState(path: path, reason: "its values are not those that were written")
        }
        for (view, target) in found { target.pointer.update(from: view.base, count: target.count) }
        change { $0 = progress }
    }

    private static func reason(_ error: CheckpointError) -> String {
        switch error {
        case .truncated(_, let expected, let found): "it ends after \(found) of at least \(expected) bytes"
        case .malformedHeader(_, let reason): reason
        default: "it cannot be read as safetensors"
        }
    }
}
