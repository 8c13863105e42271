import Language

// Clauses and options that several commands share.

extension ClauseSpec {
    static let on = ClauseSpec("on", .name(.model), summary: "the model to work on", default: "the model in use")
    static let using = ClauseSpec("using", .name(.data), summary: "the data set to run on", default: "the one in use")
    static let replace = ClauseSpec.flag("replace", "overwrite what is there")
}

extension OptionSpec {
    static let temperature = OptionSpec(
        "t", .number(Standard.temperatures), "t = 1/τ, how sharply similarities become probabilities", default: "20")
    /// One image alone has an entropy of 0, whatever it shows.
    static let entropyBatch = OptionSpec(
        "batch", .count(.atLeast(2)), "images whose features see one another",
        default: "32, or all where there are fewer")
    static let batch = OptionSpec(
        "batch", .count(), "images whose features see one another", default: "32, or all where there are fewer")
}

extension OptionSpec {
    static let rearrange = OptionSpec(
        "rearrange", .boolean, "exchange neurons so that the slopes of those that go cancel; needs Fisher scores",
        default: "no")
}

/// The defaults that no sentence has to repeat.
enum Standard {
    static let temperature = 20.0
    /// Far beyond any use, but still with exact arithmetic.
    static let temperatures = Limits.above(0, atMost: 1e6)
    static let batch = 32
    static let steps = 6
    /// From a coin's toss to certainty, which would be the exact search.
    static let confidences = Limits(lower: .included(0.5), upper: .excluded(1))
    static let tolerance = "0.01"
    static let neighbours = 20

    /// The batch size asked for, or the usual one as far as there are images.
    static func batch(_ asked: Int?, images: Int) -> Int { asked ?? min(batch, max(images, 1)) }
}
