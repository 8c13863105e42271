extension Topic {
    static let amp = "AMP, arXiv 2603.08100"

    /// What the method is made of.
    static let notions = [
        Topic(
            name: "entropy", aliases: ["information entropy"],
            text: """
                How undecided a model is about which images of a batch resemble each other. Every image's feature is compared with \
                all others; a softmax makes probabilities of the similarities; their entropy, averaged, is E. It needs no labels. \
                It lies between 0, where every image resembles itself alone, and ln B, where all look the same. A width that \
                moves E little has kept what tells images apart.
                """,
            formula: """
                s_ij = z_i · z_j      p_ij = exp(t·s_ij) / Σ_j exp(t·s_ij)
                E = −(1/B) Σ_i Σ_j p_ij ln p_ij        in nats
                """,
            source: amp, example: "evaluate entropy t=5 batch=64"),
        Topic(
            name: "taylor importance", aliases: ["taylor", "importance"],
            text: """
                What taking a neuron out would do to the entropy, to first order: its activation times the gradient there, summed \
                over tokens. One pass forward and one back rate all neurons of all layers. The size counts, so effects of \
                opposite sign in different images do not cancel.
                """,
            formula: "I_h = mean over images of | Σ_tokens a_h · ∂E/∂a_h |", source: amp, example: "explain score"),
        Topic(
            name: "temperature", aliases: ["t", "tau"],
            text: """
                t = 1/τ multiplies the similarities before the softmax. A large t lets only the nearest images count, a small one \
                distant ones too. Where pruning makes the entropy fall far, try a smaller t.
                """,
            formula: "p_ij ∝ exp(t·s_ij)        t > 0, 20 unless given", source: amp,
            example: "for t in 5, 20 { evaluate entropy t=$t batch=64 }"),
        Topic(
            name: "class token", aliases: ["cls", "token", "feature"],
            text: """
                The extra token whose last state stands for the whole image. After the final norm it is the feature that the entropy \
                compares. Models without one have the mean of their patch tokens, or a pooling of their own. In the last layer only \
                the rows that the feature is read from are computed.
                """,
            formula: "z = norm(x_L[class]) / ‖norm(x_L[class])‖",
            source: "Vision Transformer, arXiv 2010.11929; docs/families.md",
            example: "plot similarity t=5"),
        Topic(
            name: "tolerance", aliases: ["within"],
            text: """
                How much entropy each layer may cost. In nats, or as a share of the unpruned entropy. It holds for one layer \
                at a time, measured against the model as narrowed so far, so costs add up over layers; a fall is always \
                accepted.
                """,
            formula: "accept w  when  E(w) − E(before this layer) ≤ ΔE", source: amp, example: "search all within 1%"),
        Topic(
            name: "bisection", aliases: ["search steps", "steps"],
            text: """
                The search for a layer's width. The middle of the open interval is tried; if the entropy stays within the tolerance, \
                the upper half goes, otherwise the lower one. Six tries leave 1/64 of the width open.
                """,
            formula: "w = (left + right) / 2;   accepted: right = w,   rejected: left = w", source: amp,
            example: "explain search layer 12"),
        Topic(
            name: "hidden width", aliases: ["width", "neuron", "hidden neuron"],
            text: """
                The number of neurons between the two linear layers of an MLP, usually four times the model's width. A neuron is one \
                row of the first layer and one column of the second; taking it out leaves all other terms of the sum as they \
                were. Two thirds of a vision transformer's parameters lie there.
                """,
            formula: "MLP(x) = Σ_h w2[:,h] · act(w1[h,:]·x + b1[h]) + b2", source: amp, example: "show stats"),
        Topic(
            name: "gate", aliases: ["swiglu", "gated mlp"],
            text: """
                Some models (DINOv2 giant, EVA-02) multiply a second linear layer into the activation. A neuron then is a row of both and \
                a column of the last layer, and goes as a whole. It is scored at the product, the input of the last layer.
                """,
            formula: "a_h = act(gate[h,:]·x) · (up[h,:]·x)", source: "GLU variants, arXiv 2002.05202; docs/families.md",
            example: "explain prune"),
        Topic(
            name: "batch",
            text: """
                The images whose features see one another in the entropy. E depends on how many they are and on who is in a batch \
                with whom, so a search takes both from the scores. A last batch that is not full is left out.
                """,
            formula: "0 ≤ E ≤ ln B", source: amp, example: "for b in 16, 64 { evaluate entropy t=5 batch=$b }"),
        Topic(
            name: "calibration", aliases: ["validation", "split"],
            text: """
                Neurons are scored on calibration images; widths are judged, and models measured, on validation images. A folder with \
                train/ and val/ is split already, any other by 'split'. Scoring and judging on the same images would praise \
                what was learned by heart.
                """,
            formula: "scores: calibration        search, evaluate: validation", source: "docs/method.md",
            example: "show data"),
        Topic(
            name: "agreement", aliases: ["cosine"],
            text: """
                How often the pruned model says what the original says: the class with the largest logit, or without a classifier \
                each image's nearest other image. The mean cosine of the two models' features stands beside it. Entropy can stay \
                while answers change; agreement tells.
                """,
            formula: "agreement = share of images with the same answer", source: "docs/method.md",
            example: "evaluate agreement"),
        Topic(
            name: "view", aliases: ["pruned model"],
            text: """
                A pruned model is its checkpoint and a list of the neurons that each layer keeps. No file changes, 'undo' costs nothing, \
                and the same checkpoint can be several models at once. 'save' writes a smaller file.
                """,
            formula: "model = checkpoint + kept neurons of each layer", source: "docs/architecture.md",
            example: "show models"),
    ]
}
