import Models
import Pruning
import Samples
import Testing

@Suite("A table of times")
struct LatencyTests {
    @Test("is about the widths: the whole model takes its time, and narrower ones no longer", arguments: [0, 1, 2])
    func table(_ variant: Int) throws {
        let sizes = TinyModel.Sizes(hidden: [64, 64, 48], seed: 3)
        let model = [TinyModel.timm(sizes), .timmEVA(sizes), .dinov2(sizes)][variant]
        let table = try LatencyTable(measuring: model.transformer(), inputs: model.inputs(8))
        #expect(table.wholeSeconds > 0)
        #expect(table.time([64, 64, 48]) == table.wholeSeconds)
        var before = Double.infinity
        for width in [64, 50, 48, 33, 20, 16, 5, 1, 0] {
            let time = table.time([width, width, min(width, 48)])
            #expect(time >= 0 && time <= before)
            before = time
        }
    }
}
