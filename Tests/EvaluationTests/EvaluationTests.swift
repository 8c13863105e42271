import Evaluation
import Foundation
import Samples
import Tensor
import Testing

@Suite("Nearest neighbours")
struct NearestNeighbourTests {
    /// Votes counted one by one in float64.
    private func reference(
        _ queries: FloatBuffer, bank: FloatBuffer, labels: [Int], k: Int
    ) -> (classes: [Int], margins: [Double]) {
        func unit(_ buffer: FloatBuffer, _ row: Int) -> [Double] {
            let x = (0..<buffer.rowCount).map { Double(buffer.row(row)[$0]) }
            let norm = x.map { $0 * $0 }.reduce(0, +).squareRoot()
            return x.map { $0 / norm }
        }
        var classes: [Int] = []
        var margins: [Double] = []
        for query in 0..<queries.shape[0] {
            let q = unit(queries, query)
            let cosines = labels.indices.map { zip(q, unit(bank, $0)).map(*).reduce(0, +) }
            let order = labels.indices.sorted { (cosines[$0], $1) > (cosines[$1], $0) }
            let nearest = order.prefix(k)
            var votes: [Int: Double] = [:]
            let sum = nearest.map { exp(cosines[$0] / 0.07) }.reduce(0, +)
            for index in nearest { votes[labels[index], default: 0] += exp(cosines[index] / 0.07) / sum }
            let ranked = votes.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            classes.append(ranked[0].key)
            let votesApart = ranked.count > 1 ? ranked[0].value - ranked[1].value : 1
            let edgeApart = order.count > k ? cosines[order[k - 1]] - cosines[order[k]] : 1
            margins.append(min(votesApart, edgeApart))
        }
        return (classes, margins)
    }

    @Test("vote as the definition says", arguments: [1, 3, 17, 100], [1, 5, 20, 200])
    func votes(_ queries: Int, _ k: Int) throws {
        var numbers = Numbers(seed: queries * 1000 + k)
        let bank = numbers.buffer([150, 6])
        let labels = (0..<150).map { _ in numbers.index(below: 7) }
        let asked = numbers.buffer([queries, 6])
        let found = try NearestNeighbours(bank: UnitFeatures(bank), labels: labels, k: k).classify(UnitFeatures(asked))
        let expected = reference(asked, bank: bank, labels: labels, k: min(k, 150))
        #expect(found.count == queries)
        for query in 0..<queries where expected.margins[query] > 1e-5 {
            #expect(found[query] == expected.classes[query])
        }
    }

    @Test("of equal cosine count in the bank's order, classes of equal weight by their number")
    func ties() throws {
        let bank = UnitFeatures(FloatBuffer([4, 2], [1, 0, 2, 0, 3, 0, 0, 1]))
        let query = UnitFeatures(FloatBuffer([1, 2], [5, 0]))
        func vote(_ labels: [Int], k: Int) throws -> Int? {
            try NearestNeighbours(bank: bank, labels: labels, k: k).classify(query).first
        }
        #expect(try vote([3, 1, 2, 0], k: 1) == 3)
        #expect(try vote([3, 1, 2, 0], k: 2) == 1)
        #expect(try vote([3, 1, 1, 0], k: 3) == 1)
        #expect(try vote([2, 2, 1, 0], k: 4) == 2)
    }

    @Test("weigh by cosine: one near neighbour outvotes several far ones")
    func weights() throws {
        let bank = UnitFeatures(FloatBuffer([4, 2], [1, 0, 0, 1, 0, 1, 0, 1]))
        let query = UnitFeatures(FloatBuffer([1, 2], [1, 0.1]))
        #expect(try NearestNeighbours(bank: bank, labels: [0, 1, 1, 1], k: 4).classify(query) == [0])
    }

    @Test("take labels of any size")
    func largeLabels() throws {
        let bank = UnitFeatures(FloatBuffer([2, 2], [1, 0, 0, 1]))
        let found = try NearestNeighbours(bank: bank, labels: [.max, 1 << 40], k: 1).classify(bank)
        #expect(found == [.max, 1 << 40])
    }

    @Test("give the same on any number of threads, and stop when asked to")
    func threads() throws {
        var numbers = Numbers(seed: 5)
        let bank = UnitFeatures(numbers.buffer([200, 16]))
        let neighbours = NearestNeighbours(bank: bank, labels: (0..<200).map { $0 % 10 }, k: 20)
        let queries = UnitFeatures(numbers.buffer([300, 16]))
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let results = try [1, 2, 5].map { threads in
            Parallel.threads = threads
            return try neighbours.classify(queries)
        }
        #expect(results[0] == results[1] && results[1] == results[2])
        #expect(throws: Interrupted.self) { try neighbours.classify(queries, monitor: Monitor(isCancelled: { true })) }
    }

    @Test("of nothing are nothing")
    func nothing() throws {
        let bank = UnitFeatures(FloatBuffer([2, 2], [1, 0, 0, 1]))
        let none = UnitFeatures(FloatBuffer([0, 2]))
        #expect(try NearestNeighbours(bank: bank, labels: [0, 1], k: 1).classify(none) == [])
    }
}

@Suite("How far two models agree")
struct AgreementTests {
    @Test("features are scaled to length one, zeros stay")
    func unit() {
        let features = UnitFeatures(FloatBuffer([3, 2], [3, 4, 0, 0, -1e-3, 0]))
        #expect(features.values.values == [0.6, 0.8, 0, 0, -1, 0])
    }

    @Test("by the class of the largest logit, the first of equal ones")
    func topClasses() {
        #expect(Evaluation.topClasses(FloatBuffer([3, 3], [1, 3, 2, 5, 5, 5, -1, -3, -0.5])) == [1, 0, 2])
    }

    @Test("the same model agrees with itself wholly, whatever the length of its features")
    func same() throws {
        var numbers = Numbers(seed: 1)
        let features = numbers.buffer([70, 9])
        let longer = FloatBuffer([70, 9], features.values.map { $0 * 7 })
        let agreement = try Agreement(features: UnitFeatures(features), originalFeatures: UnitFeatures(longer))
        #expect(agreement.measure == .nearestNeighbour)
        #expect(agreement.share == 1)
        #expect(abs(agreement.cosine - 1) < 1e-6)
    }

    @Test("by nearest neighbours as a plain loop finds them", arguments: [2, 3, 17, 100])
    func neighbours(_ count: Int) throws {
        var numbers = Numbers(seed: count)
        let features = [numbers.buffer([count, 5]), numbers.buffer([count, 5])].map(UnitFeatures.init)
        func cosine(_ x: UnitFeatures, _ i: Int, _ y: UnitFeatures, _ j: Int) -> Double {
            (0..<5).map { Double(x.values.row(i)[$0]) * Double(y.values.row(j)[$0]) }.reduce(0, +)
        }
        let nearest = features.map { set in
            (0..<count).map { i in
                (0..<count).filter { $0 != i }.max { cosine(set, i, set, $0) < cosine(set, i, set, $1) }
            }
        }
        let expected = zip(nearest[0], nearest[1]).filter { $0 == $1 }.count
        let agreement = try Agreement(features: features[0], originalFeatures: features[1])
        #expect(abs(agreement.share - Double(expected) / Double(count)) < 1e-12)
        let mean = (0..<count).map { cosine(features[0], $0, features[1], $0) }.reduce(0, +) / Double(count)
        #expect(abs(agreement.cosine - mean) < 1e-6)
    }

    @Test("by classes where there is a classifier")
    func top1() {
        let features = UnitFeatures(FloatBuffer([2, 2], [1, 0, 0, 1]))
        let other = UnitFeatures(FloatBuffer([2, 2], [1, 0, 0, -1]))
        let agreement = Agreement(
            logits: FloatBuffer([2, 2], [1, 0, 0, 1]), originalLogits: FloatBuffer([2, 2], [9, 0, 1, 0]),
            features: features, originalFeatures: other)
        #expect(agreement.measure == .top1)
        #expect(agreement.share == 0.5)
        #expect(agreement.cosine == 0)
    }

    @Test("stops when asked to")
    func interruption() {
        let features = UnitFeatures(FloatBuffer([2, 2], [1, 0, 0, 1]))
        #expect(throws: Interrupted.self) {
            try Agreement(
                features: features, originalFeatures: features, monitor: Monitor(isCancelled: { true }))
        }
    }

    @Test(
        "accuracy is the share of predictions that are right",
        arguments: [([1, 2, 3, 4], [1, 2, 0, 0], 0.5), ([1], [1], 1), ([1], [0], 0), ([], [], 0)]
            as [([Int], [Int], Double)])
    func accuracy(_ predictions: [Int], _ labels: [Int], _ expected: Double) {
        #expect(Evaluation.accuracy(predictions, labels) == expected)
    }
}
