import Checkpoints
import Foundation
import Models
import Tensor

/// A transformer of a few hundred random weights, as one of the libraries would store it.
package struct TinyModel: Sendable, CustomStringConvertible {
    package struct Weights: Sendable {
        package var name: String
        package var shape: [Int]
        package var values: [Float]
        package var type: ElementType
    }

    package var description: String
    package var tensors: [Weights] = []
    /// `config.json`, where there is one.
    package var config: JSON?
    /// `amp.json`, where there is one.
    package var record: JSON?
    /// `tokenizer.json`, where there is one.
    package var tokenizer: JSON?

    package let sizes: Sizes
    /// Whether its inputs are texts.
    package var takesTexts = false
    /// Whether it has a classifier.
    package var classifies = false
    /// The norm between the MLP's gate and its output layer, relative to the block, where there is one.
    package var hiddenNorm: String?

    package struct Sizes: Sendable {
        package var width = 8
        package var heads = 2
        /// Hidden width of each block.
        package var hidden = [12, 12]
        package var channels = 3
        package var patch = 2
        /// Patches a side that there are positions for.
        package var grid = 2
        package var classes: Int? = 5
        package var seed = 1

        package init(
            width: Int = 8, heads: Int = 2, hidden: [Int] = [12, 12], channels: Int = 3, patch: Int = 2, grid: Int = 2,
            classes: Int? = 5, seed: Int = 1
        ) {
            self.width = width
            self.heads = heads
            self.hidden = hidden
            self.channels = channels
            self.patch = patch
            self.grid = grid
            self.classes = classes
            self.seed = seed
        }

        package var image: Int { grid * patch }
    }

    init(_ description: String, _ sizes: Sizes) {
        self.description = description
        self.sizes = sizes
    }

    // MARK: Changing it

    /// The tensor of that name, which can be replaced or, by nil, removed.
    package subscript(name: String) -> Weights? {
        get { tensors.first { $0.name == name } }
        set {
            let place = tensors.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): tensors[place] = value
            case (let place?, nil): tensors.remove(at: place)
            case (nil, let value?): tensors.append(value)
            case (nil, nil): break
            }
        }
    }

    package func with(_ change: (inout TinyModel) -> Void) -> TinyModel {
        var result = self
        change(&result)
        return result
    }

    /// The same model with all weights stored as another type.
    package func stored(as type: ElementType) -> TinyModel {
        with { model in
            model.description += " in \(type.rawValue)"
            for index in model.tensors.indices { model.tensors[index].type = type }
        }
    }

    // MARK: Writing it

    package func write(to folder: String) throws {
        let file = try StagedFile(target: folder + "/" + Checkpoint.weightsName)
        let sources = tensors.map { tensor in
            TensorSource(name: tensor.name, type: tensor.type, shape: tensor.shape) { write in
                try tensor.bytes.withUnsafeBytes(write)
            }
        }
        try SafetensorsWriter.write(sources, metadata: nil, to: file)
        try file.commit()
        let files = [
            (Checkpoint.configName, config), (Checkpoint.pruningRecordName, record), ("tokenizer.json", tokenizer),
        ]
        for (name, json) in files {
            guard let json else { continue }
            try json.encoded().write(to: URL(fileURLWithPath: folder + "/" + name))
        }
    }

    /// The model as amp loads it. Its files are gone already; what is mapped of them stays.
    package func load(heads: Int? = nil, given: Given? = nil) throws -> Model {
        try withTemporaryFolder { folder in
            try write(to: folder)
            return try Model(path: folder, given: given ?? Given(heads: heads))
        }
    }

    /// The whole model, ready to compute.
    package func transformer() throws -> Transformer {
        let model = try load()
        return try model.transformer(keeping: KeptNeurons(allOf: model.architecture.depth))
    }

    /// Random images of a number of patches a side, or of the model's own.
    package func images(_ count: Int, grid: Int? = nil, seed: Int = 99) -> LoadedImages {
        var numbers = Numbers(seed: seed)
        let side = (grid ?? sizes.grid) * sizes.patch
        return LoadedImages(numbers.buffer([count, sizes.channels, side, side], scale: 2))
    }
}

extension TinyModel.Weights {
    package init(_ name: String, _ shape: [Int], _ values: [Float], type: ElementType = .float32) {
        self.init(name: name, shape: shape, values: values, type: type)
    }

    /// The values as a file holds them. bfloat16 is cut off rather than rounded.
    var bytes: [UInt8] {
        func all<T>(_ convert: (Float) -> T) -> [UInt8] { values.map(convert).withUnsafeBytes { Array($0) } }
        return switch type {
        case .float64: all { Double($0) }
        case .float16: all { Float16($0) }
        case .bfloat16: all { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }
        case .int64: all { Int64($0) }
        default: all { $0 }
        }
    }
}
