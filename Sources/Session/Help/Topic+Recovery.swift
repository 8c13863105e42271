extension Topic {
    /// How what pruning loses is won back.
    static let recovery = [
        Topic(
            name: "compensation", aliases: ["compensate", "least squares", "ridge"],
            text: """
                What the removed neurons gave can partly be had from those that stay, because neurons resemble each \
                other. The output layer of each narrowed MLP is fitted anew, so that the tokens after it come as close \
                to the original's as the kept neurons can bring them, over all tokens of the calibration images: a \
                linear problem with one solution. Nothing is trained and no label is used. The ridge keeps the weights \
                near what they were.
                """,
            formula: """
                min over Δ, δ of  Σ_tokens ‖ r − Δ·a_kept − δ ‖² + ρ·‖Δ‖²
                W' = W_kept + Δ        b' = b + δ
                r: what the kept neurons leave missing of the target
                ρ: ridge × the mean of the diagonal of a_kept's covariance
                """,
            source: "ridge regression; scale: Kwon et al., arXiv 2204.09656", example: "prune compensate=ls"),
        Topic(
            name: "distillation", aliases: ["distill", "teacher", "student", "recovery"],
            text: """
                The pruned model, the student, is trained to give what the original, its teacher, gives on the same \
                images. By features: class token and patch tokens after the last block; final norm and classifier take \
                no part. By similarity: whom each image of a batch resembles, by the features after the norm. It needs \
                no labels.
                """,
            formula: """
                L = mean (c_S − c_T)² + mean (x_S − x_T)²
                c: class tokens, x: patch tokens of student S and teacher T
                L = ½ [ KL(p_T ‖ p_S) + KL(p_S ‖ p_T) ]
                p: of similarities within a batch, as in 'help entropy'
                """,
            source: amp, example: "distill epochs=3"),
    ]
}
