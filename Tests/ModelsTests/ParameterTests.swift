import Models
import Samples
import Tensor
import Testing

@Suite("Parameters")
struct ParameterTests {
    private func kept(_ model: Model) -> KeptNeurons {
        KeptNeurons(allOf: model.architecture.depth).keeping([9, 2, 4], of: 0).keeping([], of: 1)
    }

    @Test("a transformer over them computes what the view of the model does", arguments: TinyModel.variants())
    func transformer(_ model: TinyModel) throws {
        let loaded = try model.load()
        let kept = kept(loaded)
        let parameters = try Parameters(model: loaded, keeping: kept)
        let inputs = model.inputs(3, grid: 3)
        let own = try parameters.transformer().run(inputs, wanting: .logits)
        let view = try loaded.transformer(keeping: kept).run(inputs, wanting: .logits)
        #expect(own.features.values == view.features.values)
        #expect(own.logits?.values == view.logits?.values)
        #expect(parameters.architecture == loaded.architecture(keeping: kept))
    }

    @Test("put back into whole tensors they leave removed neurons' places alone", arguments: TinyModel.variants())
    func whole(_ model: TinyModel) throws {
        let loaded = try model.load()
        let kept = kept(loaded)
        let parameters = try Parameters(model: loaded, keeping: kept)
        for tensor in parameters.tensors.values {
            for i in 0..<tensor.count { tensor.pointer[i] += 1 }
        }
        let changed = try parameters.wholeTensors(of: loaded, keeping: kept)
        let revised = model.with { model in
            for (name, tensor) in changed {
                #expect(model[name]?.shape == tensor.shape)
                model[name]?.values = tensor.values
            }
        }
        let inputs = model.inputs(3)
        let own = try parameters.transformer().run(inputs)
        let view = try revised.load().transformer(keeping: kept).run(inputs)
        #expect(own.features.values == view.features.values)
        // Every value either is one of the parameters, grown by one, or was left.
        let grown = changed.values.reduce(0) { $0 + $1.count }
        let left = changed.reduce(0) { sum, entry in
            sum + zip(entry.value.values, model[entry.key]?.values ?? []).count { $0 == $1 }
        }
        #expect(grown - left == parameters.tensors.values.reduce(0) { $0 + $1.count })
    }
}
