extension Topic {
    /// How much of a model is to be left.
    static let budgets = [
        Topic(
            name: "budget", aliases: ["to", "target"],
            text: """
                How much of the unpruned model may be left: of its parameters, its operations, or its time on this machine. The \
                search looks for the tolerance that leaves the most that fits, by searching at several; searches share \
                their tries until they first decide differently. What is found never exceeds the budget, and is the plan of a plain \
                search at the tolerance it names.
                """,
            formula: "largest  left(ΔE) ≤ budget,   left(ΔE): what 'search all within ΔE' leaves",
            source: "docs/method.md",
            example: "search all to 60% params"),
        Topic(
            name: "uniform", aliases: ["uniform widths"],
            text: """
                The same share of every layer, the largest that fits the budget, ranked by the scores there are. Nothing is \
                tried: it is what adaptive widths have to beat.
                """,
            formula: "w_layer = ⌊ share · H_layer ⌋", source: "docs/method.md", example: "search uniform to 60% params"),
        Topic(
            name: "global", aliases: ["global ranking"],
            text: """
                All neurons of all layers in one ranking by their scores; the best stay, as many as fit the budget, and one a layer \
                at least. Nothing is tried, so it rests on the scores of different layers being comparable; those by \
                diversity and by lot are not.
                """,
            formula: "keep the k largest I_h of all layers,   k the largest that fits",
            source: "Kwon et al., arXiv 2204.09656, without heads", example: "search global to 60% params"),
        Topic(
            name: "rearrangement", aliases: ["rearrange"],
            text: """
                For widths that are given: neurons that stay are exchanged for ones that go wherever the slopes of those that go then \
                cancel better. The first-order effects of taking them out add up to less. It needs Fisher scores, which keep \
                the slopes of every batch.
                """,
            formula: "exchange while   ‖ Σ_(h goes) g_h ‖²   falls;     g_h = ( ∂L/∂m_h of each batch )",
            source: "Kwon et al., arXiv 2204.09656",
            example: "score fisher; search uniform to 60% params rearrange=yes"),
        Topic(
            name: "latency", aliases: ["time"],
            text: """
                The time of a forward pass on this machine. How it depends on each layer's width is measured at a few widths, a straight \
                line in between, so a plan's time is predicted, not measured, while the search looks for it. The plan found is then \
                measured. Times depend on the machine, its threads and what else it does.
                """,
            formula: "T(w) = T(whole) + Σ_layer ΔT_layer(w_layer)", source: "docs/method.md",
            example: "search all to 70% latency"),
        Topic(
            name: "multiple", aliases: ["multiples"],
            text: """
                Widths that are multiples of 8, 16 or 32 suit vector units. The search then tries such widths alone, so what it accepts \
                was measured; given shares are rounded down. A layer that loses nothing keeps its width.
                """,
            formula: "w ∈ { m, 2m, 3m, … } or all", source: "docs/method.md",
            example: "search all within 0.01 multiple=8"),
    ]
}
