extension Topic {
    /// How what pruning loses is won back.
    static let recovery = [
        Topic(
            name: "compensation", aliases: ["compensate", "least squares", "ridge"],
            text: """
                What the removed neurons gave can partly be had from those that stay, because neurons resemble each other. The \
                output layer is fitted anew so that the kept neurons' outputs come as close as they can to what all gave, over \
                all tokens of the calibration images: a linear problem with one solution. Nothing is trained and no label is \
                used; one pass over the images is enough. The ridge keeps the weights near what they were.
                """,
            formula: """
                min over Δ, δ of  Σ_tokens ‖ r − Δ·a_kept − δ ‖²  +  ρ·‖Δ‖²        r = W_removed · a_removed
                W' = W_kept + Δ        b' = b + δ
                """,
            source: "ridge regression; scale: Kwon et al., arXiv 2204.09656", example: "prune compensate=ls"),
        Topic(
            name: "distillation", aliases: ["distill", "teacher", "student", "recovery"],
            text: """
                The pruned model, the student, is trained to give what the original, its teacher, gives on the same images. By \
                features: class token and patch tokens of the last block, before the final norm, which takes no part, as little \
                as the head. By similarity: whom each image of a batch resembles. It needs no labels.
                """,
            formula: """
                L = mean (c_S − c_T)² + mean (x_S − x_T)²        class token c, patch tokens x
                L = ½ [ KL(p_T ‖ p_S) + KL(p_S ‖ p_T) ]          similarity, with the p of 'help entropy'
                """,
            source: amp, example: "distill epochs=3"),
    ]
}
