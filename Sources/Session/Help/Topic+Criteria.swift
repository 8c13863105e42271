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
