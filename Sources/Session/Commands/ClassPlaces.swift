import Images

/// Which class each label of a data set means, among classes that something else lists.
enum ClassPlaces {
    /// The listed class of each label, by number.
    ///
    /// Class folders are matched by name where all of them are listed, and by number where they are called 0, 1, 2, ….
    /// Otherwise the list has to be in the folders' order: as many, and none of them in another place. Labels that are
    /// mere numbers are the places in the list.
    /// - Parameters:
    ///   - names: the listed names, or nil where only their `count` is known
    ///   - list: the file that lists them, for messages
    static func places(
        of data: OpenData, labels: [Int], names: [String]?, count: Int, list: String
    ) throws -> [Int] {
        let most = labels.max() ?? 0
        guard let folders = data.entry.classNames, !folders.isEmpty else {
            guard most < count else {
                throw TextTaskError.labelBeyondClasses(data: data.name, label: most, classes: count, list: list)
            }
            return Array(0...most)
        }
        if let names, let places = byName(folders, among: names) { return places }
        let numbers = folders.compactMap { Int($0) }
        if numbers.count == folders.count {
            guard numbers.allSatisfy({ (0..<count).contains($0) }) else {
                throw TextTaskError.labelBeyondClasses(
                    data: data.name, label: numbers.max() ?? 0, classes: count, list: list)
            }
            return numbers
        }
        if let names {
            let missing = folders.filter { folder in !names.contains { matches($0, folder) } }
            let isDisordered = folders.enumerated().contains { place, folder in
                names.enumerated().contains { $0 != place && matches($1, folder) }
            }
            guard missing.count == folders.count || names.count == folders.count && !isDisordered else {
                throw TextTaskError.classesNotListed(data: data.name, missing: missing, list: list)
            }
        }
        guard count == folders.count else {
            throw TextTaskError.classCount(data: data.name, classes: folders.count, list: list, found: count)
        }
        return Array(folders.indices)
    }

    /// The place of each folder, where each is listed exactly once.
    private static func byName(_ folders: [String], among names: [String]) -> [Int]? {
        var places: [String: Int] = [:]
        var twice: Set<String> = []
        for (place, name) in names.enumerated() {
            if places.updateValue(place, forKey: Labels.normalised(name)) != nil {
                twice.insert(Labels.normalised(name))
            }
        }
        let found = folders.compactMap { folder -> Int? in
            let name = Labels.normalised(folder)
            return name.isEmpty || twice.contains(name) ? nil : places[name]
        }
        return found.count == folders.count ? found : nil
    }

    private static func matches(_ name: String, _ folder: String) -> Bool {
        let plain = Labels.normalised(folder)
        return !plain.isEmpty && Labels.normalised(name) == plain
    }
}
