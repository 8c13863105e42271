extension Topic {
    /// What neurons can be ranked by. Entropy is among the notions.
    static let criteria = [
        Topic(
            name: "crossentropy", aliases: ["cross entropy"],
            text: """
                Taylor importance for the classifier's own loss. It needs labels and a classifier, and asks what the task needs rather \
                than what tells images apart.
                """,
            formula: "I_h = mean over images of | Σ_tokens a_h · ∂L/∂a_h |,   L = −ln p(label)",
            source: "Molchanov et al., arXiv 1906.10771", example: "score crossentropy"),
        Topic(
            name: "fisher", aliases: ["fisher information", "kwon"],
            text: """
                The slope of each batch's loss along a mask on the neuron, squared and summed over batches: an estimate of the loss's \
                curvature there. Unlike Taylor importance it lets the images of a batch cancel. It needs labels, unless the entropy \
                stands in (loss=entropy). Its values are of one kind in all layers, so 'search global' can rank all neurons together.
                """,
            formula: "F_h = Σ over batches ( ∂L/∂m_h )²,   ∂L/∂m_h = Σ_images Σ_tokens a_h · ∂L/∂a_h",
            source: "Kwon et al., arXiv 2204.09656", example: "score fisher"),
        Topic(
            name: "diversity", aliases: ["dgmr"],
            text: """
                The order in which the neurons' input weights add most that is new: the longest row first, then the one with the \
                longest rest outside the span of those picked, in rounds of as many picks as a row has entries. It needs no \
                images. With a gate, its row and the value's count as one, side by side. The score is the place counted from \
                the end, which says nothing across layers.
                """,
            formula: "next = argmax_h ‖ w1[h,:] − Σ_picked q (q · w1[h,:]) ‖",
            source: "DGMR, arXiv 2506.08591", example: "score diversity"),
        Topic(
            name: "magnitude",
            text: """
                The length of a neuron's weights. It costs nothing and looks at no image, so it cannot know which neurons the \
                images need.
                """,
            formula: "I_h = ‖w1[h,:]‖  (side=in)   or   ‖w2[:,h]‖  (side=out)", source: "Han et al., arXiv 1506.02626",
            example: "score magnitude side=out"),
        Topic(
            name: "activation",
            text: """
                How large a neuron's activation is on average. It sees images but no gradient: a neuron may be loud and matter \
                little.
                """,
            formula: "I_h = mean over images and tokens of | a_h |", source: "docs/method.md",
            example: "score activation"),
        Topic(
            name: "random",
            text: "A draw by a seed: what any ranking has to beat, given the same search.",
            formula: "I_h ~ uniform(0, 1)", source: "docs/method.md", example: "score random seed 1"),
        Topic(
            name: "signed",
            text: """
                Ranks by the signed Taylor term instead of its size. Neurons whose removal raises the entropy stand at one end, \
                those whose removal lowers it at the other.
                """,
            formula: "I_h = mean over images of Σ_tokens a_h · ∂E/∂a_h", source: amp,
            example: "score entropy signed=yes"),
    ]
}
