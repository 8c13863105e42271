import Tensor
import Testing

@Suite("Views of numbers")
struct FloatViewTests {
    private let matrix = FloatView(FloatBuffer([3, 4], (0..<12).map(Float.init)))

    @Test("rows are a part of the same numbers")
    func rows() {
        let part = matrix.rows(1..<3)
        #expect(part.shape == [2, 4])
        #expect(part.values == [4, 5, 6, 7, 8, 9, 10, 11])
        #expect(part.base == matrix.base + 4)
        #expect(matrix.rows(3..<3).values == [])
    }

    @Test("rows and columns are gathered in the order asked for")
    func gathering() {
        #expect(matrix.gatheringRows([2, 0]).values == [8, 9, 10, 11, 0, 1, 2, 3])
        #expect(matrix.gatheringColumns([3, 1]).values == [3, 1, 7, 5, 11, 9])
        #expect(matrix.gatheringRows([]).shape == [0, 4])
        #expect(matrix.gatheringColumns([]).shape == [3, 0])
        #expect(FloatView(FloatBuffer([3], [5, 6, 7])).gatheringRows([2, 2]).values == [7, 7])
    }

    @Test("the first value that is no number is found wherever it is", arguments: [0, 1, 4095, 4096, 9999])
    func nonFinite(_ place: Int) {
        for bad in [Float.nan, .infinity, -.infinity] {
            let buffer = FloatBuffer([10_000], filledWith: .greatestFiniteMagnitude)
            #expect(FloatView(buffer).firstNonFinite == nil)
            buffer.pointer[place] = bad
            buffer.pointer[9999] = .nan
            #expect(FloatView(buffer).firstNonFinite == place)
        }
    }
}
