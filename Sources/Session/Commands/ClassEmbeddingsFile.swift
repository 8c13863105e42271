import Checkpoints
import Foundation
import Tensor

/// Class embeddings that were made elsewhere, and the classes' names where the file says them.
struct ClassEmbeddingsFile {
    /// As it was written.
    let path: String
    let tensor: String
    /// (classes, D)
    let values: FloatBuffer
    let names: [String]?
    /// Whether the shape does not say which axis the classes are on.
    let isSquare: Bool

    /// - Parameters:
    ///   - path: as messages name it
    ///   - place: where it is
    ///   - tensor: its name; without one the file's only matrix
    ///   - width: D, the width of the model's embeddings
    /// - Throws: `TextTaskError`, `CheckpointError`.
    init(path: String, place: String, tensor name: String?, width: Int) throws {
        self.path = path
        let file = try Weights(path: place)
        let matrices = file.names.filter {
            file.tensors[$0].map { $0.shape.count == 2 && $0.type.isComputable } ?? false
        }
        guard let tensor = name ?? (matrices.count == 1 ? matrices[0] : nil), let info = file.tensors[tensor] else {
            throw TextTaskError.noEmbeddings(path: path, tensor: name, matrices: matrices)
        }
        let shape = info.shape
        guard shape.count == 2, shape.allSatisfy({ $0 > 0 }), shape.contains(width) else {
            throw TextTaskError.embeddingShape(path: path, tensor: tensor, found: shape, width: width)
        }
        self.tensor = tensor
        isSquare = shape == [width, width]
        let stored = try file.floats(tensor)
        // OpenCLIP's scripts keep them as (D, classes).
        values = shape[1] == width ? stored : Self.transposed(stored)
        if let index = FloatView(values).firstNonFinite {
            throw TextTaskError.embeddingNotFinite(path: path, tensor: tensor, row: index / width)
        }
        names = file.metadata?["names"].map(Self.names)
    }

    private static func transposed(_ matrix: FloatBuffer) -> FloatBuffer {
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let result = FloatBuffer([columns, rows])
        for row in 0..<rows {
            for column in 0..<columns { result.row(column)[row] = matrix.row(row)[column] }
        }
        return result
    }

    /// Names in a file's metadata: a JSON array, or one a line.
    private static func names(_ text: String) -> [String] {
        if let list = try? JSON(parsing: Data(text.utf8)).array { return list.map { $0.string ?? "" } }
        return text.split(separator: "\n").map(String.init)
    }
}
