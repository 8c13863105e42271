import Models
import Tensor

/// Random inputs of a tiny model: images, or texts with padding.
package enum TinyInputs: InputSource {
    case images(LoadedImages)
    case texts(LoadedTexts)

    package var count: Int {
        switch self {
        case .images(let images): images.count
        case .texts(let texts): texts.count
        }
    }

    package var shape: InputShape {
        switch self {
        case .images(let images): images.shape
        case .texts(let texts): texts.shape
        }
    }

    package func load(_ range: Range<Int>) -> Inputs {
        switch self {
        case .images(let images): images.load(range)
        case .texts(let texts): texts.load(range)
        }
    }
}

extension TinyModel {
    /// Random inputs of as many tokens as an image of that many patches a side has, or of the model's own number.
    package func inputs(_ count: Int, grid: Int? = nil, seed: Int = 99) -> TinyInputs {
        takesTexts ? .texts(texts(count, grid: grid, seed: seed)) : .images(images(count, grid: grid, seed: seed))
    }

    /// Texts of different lengths, padded to one.
    private func texts(_ count: Int, grid: Int?, seed: Int) -> LoadedTexts {
        var numbers = Numbers(seed: seed)
        let side = grid ?? sizes.grid
        let length = side * side + 1
        var (ids, segments, mask): ([Int32], [Int32], [Bool]) = ([], [], [])
        for _ in 0..<count {
            let own = 1 + numbers.index(below: length)
            ids += (0..<length).map { _ in Int32(numbers.index(below: Self.vocabulary)) }
            segments += (0..<length).map { _ in Int32(numbers.index(below: 2)) }
            mask += (0..<length).map { $0 < own }
        }
        return LoadedTexts(TokenBatch(length: length, ids: ids, segments: segments, mask: mask))
    }
}
