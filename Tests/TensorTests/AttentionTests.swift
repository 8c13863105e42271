import Foundation
import Samples
import Tensor
import Testing

@Suite("Attention")
struct AttentionTests {
    struct Sizes: Sendable, CustomTestStringConvertible {
        let tokens: Int
        let heads: Int
        let headWidth: Int
        let queries: Int
        var isCausal = false
        var padding = Padding.none
        var testDescription: String {
            "\(tokens) tokens, \(heads) heads of \(headWidth), \(queries) queries, \(isCausal ? "causal, " : "")"
                + "padding \(padding)"
        }
        var width: Int { heads * headWidth }
        var shape: AttentionShape {
            AttentionShape(tokens: tokens, heads: heads, headWidth: headWidth, queries: queries, isCausal: isCausal)
        }

        /// Which keys are not to be seen.
        enum Padding: CaseIterable, Sendable {
            case none
            /// Every third, by −∞.
            case holes
            /// All but the first, by a large number.
            case tail
            /// All of them, by a large number: then all count alike.
            case everything
        }

        /// Added to the scores of each key.
        var keyBias: [Float]? {
            switch padding {
            case .none: nil
            case .holes: (0..<tokens).map { $0 % 3 == 2 ? -.infinity : Float($0) / 10 }
            case .tail: (0..<tokens).map { $0 == 0 ? 0 : -1e30 }
            case .everything: Array(repeating: -1e30, count: tokens)
            }
        }

        /// What is seen of a key by a query.
        func bias(query: Int, key: Int) -> Double {
            if isCausal, key > query { return -.infinity }
            // Where nothing can be seen, float32 can't tell the keys' own scores apart any more.
            return padding == .everything ? 0 : Double(keyBias?[key] ?? 0)
        }

        var varied: [Sizes] {
            [false, true].flatMap { isCausal in
                Padding.allCases.map { padding in
                    var result = self
                    (result.isCausal, result.padding) = (isCausal, padding)
                    return result
                }
            }
        }

        private static let few = [
            Sizes(tokens: 1, heads: 1, headWidth: 1, queries: 1), Sizes(tokens: 3, heads: 1, headWidth: 3, queries: 3),
            Sizes(tokens: 5, heads: 2, headWidth: 3, queries: 5), Sizes(tokens: 5, heads: 2, headWidth: 3, queries: 1),
            Sizes(tokens: 4, heads: 3, headWidth: 1, queries: 1),
        ]
        private static let many =
            few + [
                Sizes(tokens: 17, heads: 3, headWidth: 5, queries: 17),
                Sizes(tokens: 17, heads: 3, headWidth: 5, queries: 1),
                Sizes(tokens: 100, heads: 2, headWidth: 16, queries: 100),
                Sizes(tokens: 100, heads: 2, headWidth: 16, queries: 1),
            ]
        static let small = few.flatMap(\.varied)
        static let all = many.flatMap(\.varied)
    }

    /// qkv (tokens, 3·width) → out (queries, width), as the formula says it.
    private func reference(_ qkv: [Double], _ s: Sizes) -> [Double] {
        var out = [Double](repeating: 0, count: s.queries * s.width)
        for head in 0..<s.heads {
            for query in 0..<s.queries {
                let p = probabilities(qkv, s, head: head, query: query)
                for i in 0..<s.headWidth {
                    let column = head * s.headWidth + i
                    for token in 0..<s.tokens {
                        out[query * s.width + column] += p[token] * qkv[(token * 3 + 2) * s.width + column]
                    }
                }
            }
        }
        return out
    }

    /// softmax(q·kᵀ/√d + bias) of one query.
    private func probabilities(_ qkv: [Double], _ s: Sizes, head: Int, query: Int) -> [Double] {
        let scores = (0..<s.tokens).map { token in
            var dot = 0.0
            for i in 0..<s.headWidth {
                let column = head * s.headWidth + i
                dot += qkv[query * 3 * s.width + column] * qkv[(token * 3 + 1) * s.width + column]
            }
            let own = s.padding == .everything ? 0 : dot / Double(s.headWidth).squareRoot()
            return own + s.bias(query: query, key: token)
        }
        let largest = scores.max() ?? 0
        let sum = scores.map { exp($0 - largest) }.reduce(0, +)
        return scores.map { exp($0 - largest) / sum }
    }

    /// ∂E/∂qkv from ∂E/∂out, each product rule by itself.
    private func referenceBackward(_ qkv: [Double], _ dOut: [Double], _ s: Sizes) -> [Double] {
        var d = [Double](repeating: 0, count: qkv.count)
        let scale = 1 / Double(s.headWidth).squareRoot()
        for head in 0..<s.heads {
            let columns = (head * s.headWidth)..<((head + 1) * s.headWidth)
            for query in 0..<s.queries {
                let p = probabilities(qkv, s, head: head, query: query)
                let dP = (0..<s.tokens).map { token in
                    columns.map { dOut[query * s.width + $0] * qkv[(token * 3 + 2) * s.width + $0] }.reduce(0, +)
                }
                let dot = zip(p, dP).map(*).reduce(0, +)
                for token in 0..<s.tokens {
                    let dScore = p[token] * (dP[token] - dot) * scale
                    for c in columns {
                        d[(token * 3 + 2) * s.width + c] += p[token] * dOut[query * s.width + c]
                        d[query * 3 * s.width + c] += dScore * qkv[(token * 3 + 1) * s.width + c]
                        d[(token * 3 + 1) * s.width + c] += dScore * qkv[query * 3 * s.width + c]
                    }
                }
            }
        }
        return d
    }

    private func inputs(_ s: Sizes) -> (qkv: [Float], dOut: [Float]) {
        var numbers = Numbers(seed: s.tokens * 100 + s.width)
        return (numbers.floats(s.tokens * 3 * s.width, scale: 2), numbers.floats(s.queries * s.width))
    }

    private func backward(_ s: Sizes, _ qkv: [Float], _ dOut: [Float]) -> [Float] {
        var d = [Float](repeating: .nan, count: qkv.count)
        var workspace = [Float](repeating: .nan, count: s.shape.workspace)
        s.shape.attendBackward(qkv: qkv, keyBias: s.keyBias, gradient: dOut, into: &d, workspace: &workspace)
        return d
    }

    @Test("values are those of the formula", arguments: Sizes.all)
    func values(_ s: Sizes) {
        let (qkv, _) = inputs(s)
        var out = [Float](repeating: .nan, count: s.queries * s.width)
        var workspace = [Float](repeating: .nan, count: s.shape.workspace)
        s.shape.attend(qkv: qkv, keyBias: s.keyBias, into: &out, workspace: &workspace)
        expectClose(out, reference(doubles(qkv), s), within: 2e-6)
    }

    @Test("gradients are those of the formula", arguments: Sizes.all)
    func gradients(_ s: Sizes) {
        let (qkv, dOut) = inputs(s)
        expectClose(backward(s, qkv, dOut), referenceBackward(doubles(qkv), doubles(dOut), s), within: 5e-6)
    }

    /// Not where nothing can be seen: there float32 rounds the scores away, and the formula's gradient with them.
    @Test("gradients are those of finite differences", arguments: Sizes.small.filter { $0.padding != .everything })
    func finiteGradients(_ s: Sizes) {
        let (qkv, dOut) = inputs(s)
        let expected = finiteDifferences(doubles(qkv)) { qkv in
            zip(reference(qkv, s), dOut).map { $0 * Double($1) }.reduce(0, +)
        }
        expectClose(backward(s, qkv, dOut), expected, within: 5e-6)
    }
}
