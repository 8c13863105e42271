import Tensor

/// A listed source of images, cut into parts that share no image.
///
/// The listing is sorted by path, shuffled by the seed, limited, then split: the same source and selection give the same
/// parts in the same order on every machine.
package struct DataSet: Sendable {
    package let source: DataSource
    package let selection: DataSelection
    /// Calibration and validation, or the one part `all`. None is empty.
    package let parts: [DataPart]
    /// The names of the class folders, in the order of the labels; nil when the source names no classes.
    package let classNames: [String]?
    /// Whether the source itself says what is for calibration and what for validation.
    package let isSplitBySource: Bool
    /// Files found beside the images that are none by their extension, or images no class folder holds.
    package let ignored: Int
    /// Images left out because another path leads to the same file.
    package let duplicates: Int

    package func part(_ role: DataRole) -> DataPart? { parts.first { $0.role == role } }

    /// Lists a source. Class folders are not read yet, IDX files are.
    /// - Throws: `ImageError`; `CheckpointError` for what is wrong with a safetensors file as such.
    package static func open(_ source: DataSource, selection: DataSelection = DataSelection()) throws -> DataSet {
        try selection.check()
        let listing =
            switch source {
            case .classFolders(let path): try Listing.classFolders(path: path)
            case .idx(let path): try Listing.idx(path: path)
            case .safetensors(let path, let tensor): try Listing.prepared(path: path, tensor: tensor)
            }
        return listing.dataSet(source: source, selection: selection)
    }
}

/// What a part is for.
package enum DataRole: String, Hashable, Codable, Sendable {
    case calibration
    case validation
    /// The source was not split.
    case all
}

/// What a source holds before anything is chosen.
struct Listing {
    enum Sides {
        /// All images in one listing; the selection splits it.
        case one([DataItem])
        /// The source's own two sides.
        case two(calibration: [DataItem], validation: [DataItem])
    }

    var sides: Sides
    var classNames: [String]?
    var ignored = 0
    var duplicates = 0
    /// Prepared images keep their order and stay together unless the selection asks otherwise.
    var keepsOrder = false

    func dataSet(source: DataSource, selection: DataSelection) -> DataSet {
        let parts: [DataPart]
        let isSplit: Bool
        switch sides {
        case .two(let calibration, let validation):
            isSplit = true
            parts = [
                DataPart(role: .calibration, items: chosen(calibration, selection)),
                DataPart(role: .validation, items: chosen(validation, selection)),
            ]
        case .one(let items):
            isSplit = false
            let items = chosen(items, selection)
            if keepsOrder && selection.calibrationPercent == nil {
                parts = [DataPart(role: .all, items: items)]
            } else {
                parts = Self.split(
                    items, percent: selection.calibrationPercent ?? DataSelection.defaultCalibrationPercent)
            }
        }
        return DataSet(
            source: source, selection: selection, parts: parts.filter { $0.count > 0 }, classNames: classNames,
            isSplitBySource: isSplit, ignored: ignored, duplicates: duplicates)
    }

    private func chosen(_ items: [DataItem], _ selection: DataSelection) -> [DataItem] {
        var items = items
        if !keepsOrder || selection.seed != nil {
            var generator = SplitMix64(seed: selection.seed ?? DataSelection.defaultSeed)
            generator.shuffle(&items)
        }
        return selection.limit.map { Array(items.prefix($0)) } ?? items
    }

    /// The first `percent` (rounded half up) for calibration, the rest for validation; of two images or more each side
    /// gets one at least, a single one goes to calibration.
    private static func split(_ items: [DataItem], percent: Int) -> [DataPart] {
        let share = (items.count * percent + 50) / 100
        let count = items.count < 2 ? items.count : min(max(share, 1), items.count - 1)
        return [
            DataPart(role: .calibration, items: Array(items[..<count])),
            DataPart(role: .validation, items: Array(items[count...])),
        ]
    }
}
