import Models
import Tensor

/// Takes texts to where a model's images are, through its tower of texts.
package struct TextEmbedder: Sendable {
    private let tower: Transformer
    /// Texts that go through together at most.
    private static let batch = 4096
    /// Texts are computed up to a multiple of this many tokens, so that there are few different lengths.
    private static let step = 4

    /// - Parameter tower: a causal transformer of texts
    package init(_ tower: Transformer) { self.tower = tower }

    /// The width of an embedding.
    package var width: Int { tower.architecture.projection ?? tower.architecture.width }

    /// Token ids (texts, length) → embeddings (texts, D), of any length.
    ///
    /// No token sees those after it, so the padding behind a text is not computed.
    /// - Throws: `EvaluationError.notFinite`, `ModelError`, `Interrupted`.
    package func embed(_ texts: TokenBatch, monitor: Monitor = .none) throws -> FloatBuffer {
        let result = FloatBuffer([texts.count, width])
        let groups = Dictionary(grouping: 0..<texts.count) { computedLength(of: texts, $0) }
        var done = 0
        for (length, members) in groups.sorted(by: { $0.key < $1.key }) {
            for start in stride(from: 0, to: members.count, by: Self.batch) {
                let rows = members[start..<min(start + Self.batch, members.count)]
                let ids = rows.flatMap { texts.ids[($0 * texts.length)..<($0 * texts.length + length)] }
                let before = done
                let embeddings = try embed(
                    ids: ids, length: length,
                    monitor: monitor.counting { now, _ in monitor.progress(before + now, of: texts.count) })
                for (place, row) in rows.enumerated() {
                    guard embeddings.isFinite(row: place) else { throw EvaluationError.notFinite(.texts, row: row) }
                    result.row(row).update(from: embeddings.row(place), count: width)
                }
                done += rows.count
            }
        }
        return result
    }

    private func embed(ids: [Int32], length: Int, monitor: Monitor) throws -> FloatBuffer {
        let features = try tower.run(LoadedTexts(TokenBatch(length: length, ids: ids)), monitor: monitor).features
        return tower.project(features) ?? features
    }

    /// How many tokens of a row are computed: all but the end's repetitions, of which one stays, rounded up.
    private func computedLength(of texts: TokenBatch, _ row: Int) -> Int {
        guard tower.architecture.isCausal else { return texts.length }
        let ids = texts.ids[(row * texts.length)..<((row + 1) * texts.length)]
        let used = ids.lastIndex { $0 != ids.last }.map { $0 - ids.startIndex + 2 } ?? 1
        return min(texts.length, (used + Self.step - 1) / Self.step * Self.step)
    }

    /// What prompts say of classes → one embedding a class (classes, D), of length one.
    /// - Parameters:
    ///   - prompts: (classes · templates, length), class after class
    ///   - templates: how many prompts each class has
    /// - Throws: as `embed`, and `EvaluationError.noDirection`, `.opposedTemplates`.
    package func classEmbeddings(
        _ prompts: TokenBatch, templates: Int, monitor: Monitor = .none
    ) throws -> FloatBuffer {
        guard templates > 0, prompts.count > 0 else { throw EvaluationError.nothing(.texts) }
        let classes = prompts.count / templates
        let result = FloatBuffer([classes, width])
        // As many classes at a time as make a batch, so that there are never the embeddings of all prompts.
        let size = max(1, Self.batch / templates)
        for start in stride(from: 0, to: classes, by: size) {
            let range = start..<min(start + size, classes)
            let embeddings = try embed(
                prompts.part((range.lowerBound * templates)..<(range.upperBound * templates)),
                monitor: monitor.counting { done, _ in
                    monitor.progress(start * templates + done, of: prompts.count)
                })
            for index in range {
                let own = FloatBuffer([templates, width])
                own.pointer.update(from: embeddings.row((index - start) * templates), count: own.count)
                let mean = try ZeroShot.classEmbedding(of: own, classIndex: index)
                mean.withUnsafeBufferPointer { mean in
                    if let base = mean.baseAddress { result.row(index).update(from: base, count: width) }
                }
            }
        }
        return result
    }
}

extension FloatBuffer {
    fileprivate func isFinite(row: Int) -> Bool {
        let values = self.row(row)
        return (0..<rowCount).allSatisfy { values[$0].isFinite }
    }
}
