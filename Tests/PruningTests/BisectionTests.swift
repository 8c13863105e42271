import Pruning
import Samples
import Testing

@Suite("Bisection over a block's width")
struct BisectionTests {
    @Test("a falling curve by hand")
    func byHand() {
        var asked: [Int] = []
        let result = Bisection(tolerance: 0.05).run(hidden: 64, start: 1) { width in
            asked.append(width)
            let missing = 1 - Double(width) / 64
            return 1 + 0.5 * missing * missing
        }
        #expect(result.tries.map(\.width) == [32, 48, 40, 44, 42, 43])
        #expect(asked == [32, 48, 40, 44, 42, 43])
        #expect(result.accepted?.width == 44)
        #expect(abs((result.accepted?.entropy ?? 0) - 1.048828) < 1e-6)
        #expect(result.tries.map(\.left) == [0, 32, 32, 40, 40, 42])
        #expect(result.tries.map(\.right) == [64, 64, 48, 48, 44, 44])
        #expect(result.tries.map(\.accepted) == [false, true, false, true, false, false])
    }

    @Test("nothing accepted")
    func nothing() {
        let result = Bisection(tolerance: 0.05).run(hidden: 64, start: 1) { _ in 2 }
        #expect(result.tries.map(\.width) == [32, 48, 56, 60, 62, 63])
        #expect(result.accepted == nil)
    }

    @Test("a width that is no power of two")
    func hundred() {
        let result = Bisection(tolerance: 0).run(hidden: 100, start: 0) { $0 >= 37 ? 0 : 1 }
        #expect(result.tries.map(\.width) == [50, 25, 37, 31, 34, 35])
        #expect(result.accepted?.width == 37)
    }

    @Test("narrow blocks reach width 0 and measure no width twice", arguments: [(1, [0]), (6, [3, 1, 0]), (0, [0])])
    func narrow(_ hidden: Int, _ expected: [Int]) {
        var asked: [Int] = []
        let result = Bisection(tolerance: 0).run(hidden: hidden, start: 0) { width in
            asked.append(width)
            return -1
        }
        #expect(asked == expected)
        #expect(result.tries.count == 6)
        #expect(result.accepted?.width == 0)
    }

    @Test("the tolerance itself is accepted, a hair more is not, nor is what is no number")
    func border() {
        func accepts(_ entropy: Double) -> Bool {
            Bisection(steps: 1, tolerance: 0.5).run(hidden: 8, start: 1) { _ in entropy }.accepted != nil
        }
        #expect(accepts(1.5))
        #expect(accepts(-100), "an entropy that falls is always accepted")
        #expect(!accepts(1.5.nextUp))
        #expect(!accepts(.nan))
    }

    @Test("a fall counts like a rise where it is asked to")
    func falls() {
        func accepts(_ entropy: Double) -> Bool {
            Bisection(steps: 1, tolerance: 0.5, acceptsFalls: false).run(hidden: 8, start: 1) { _ in entropy }.accepted
                != nil
        }
        #expect(accepts(1.5) && accepts(0.5) && accepts(1))
        #expect(!accepts(1.5.nextUp) && !accepts(0.5 - 1e-9) && !accepts(-100) && !accepts(.nan))
        // A curve that falls where half is left: one-sided it goes on to 1, two-sided it comes back.
        func width(_ acceptsFalls: Bool) -> Int? {
            Bisection(steps: 4, tolerance: 0.1, acceptsFalls: acceptsFalls).run(hidden: 16, start: 1) { width in
                width > 8 ? 1 : 0.5
            }.accepted?.width
        }
        #expect(width(true) == 1)
        #expect(width(false) == 9)
        #expect(Bisection(tolerance: 0, acceptsFalls: false).least(hidden: 384) == 6)
    }

    @Test("as many steps as asked for", arguments: [0, 1, 3, 10])
    func steps(_ steps: Int) {
        #expect(Bisection(steps: steps, tolerance: 0).run(hidden: 1000, start: 0) { _ in 1 }.tries.count == steps)
    }
}

@Suite("The order of neurons")
struct OrderTests {
    @Test("falls, and equal scores come in the order of their index")
    func ties() {
        let layer = Scores.Layer(ranking: [1, 3, 1, 3, 2, 1], signed: [0, 0, 5, 0, 5, -1])
        #expect(layer.order() == [1, 3, 4, 0, 2, 5])
        #expect(layer.order(signed: true) == [2, 4, 0, 1, 3, 5])
        #expect(Scores.Layer(ranking: Array(repeating: 0, count: 100), signed: []).order() == Array(0..<100))
        #expect(Scores.Layer(ranking: [], signed: []).order() == [])
    }

    @Test("is that of a plain sort by score and index", arguments: 0..<5)
    func plain(_ seed: Int) {
        var numbers = Numbers(seed: seed)
        let values = (0..<200).map { _ in Double(numbers.index(below: 20)) }
        var expected: [Int] = []
        for value in Set(values).sorted(by: >) { expected += values.indices.filter { values[$0] == value } }
        #expect(Scores.Layer(ranking: values, signed: values).order() == expected)
    }
}
