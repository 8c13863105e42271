import Language

extension NameKind {
    static let model = NameKind("model")
    static let data = NameKind("data set")
}

extension ClauseSpec {
    static let on = ClauseSpec("on", .name(.model), summary: "the model to work on", default: "the model in use")
    static let using = ClauseSpec("using", .name(.data), summary: "the images to use", default: "the last data set")
    static let replace = ClauseSpec.flag("replace", "overwrite what is there")
    static let limit = ClauseSpec("limit", .count(), summary: "use at most this many images", default: "all")
    static let seed = ClauseSpec("seed", .count(.atLeast(0)), summary: "draw the images by this number", default: "0")
}

extension OptionSpec {
    static let t = OptionSpec("t", .number(.above(0)), "sharpness of the softmax, 1/τ", default: "20")
    static let batch = OptionSpec("batch", .count(), "images in a batch", default: "64")
}

/// The grammar of the language's specification, as the commands of the session define it.
let vocabulary = Vocabulary([
    load, use, data, score, search, prune, widen, compare, evaluate, distill, save, show, undo, redo, run, export, set,
    help,
    explain,
    letValue, param, forEach, expect, quit,
])

let load = CommandSpec(
    "load", "open a model file", object: .value(.path("a model file")),
    clauses: [ClauseSpec("as", .newName, summary: "the name to give it", default: "the name of the file")],
    examples: [Example(#"load "vit.safetensors" as m"#)])

let use = CommandSpec("use", "make a model the current one", object: .value(.name(.model)))

let data = CommandSpec(
    "data", "open a folder of images", object: .value(.path("a folder of images")),
    clauses: [
        .limit, .seed,
        ClauseSpec("split", .percent(.between(1, 99)), summary: "keep this share for validation", default: "20%"),
        ClauseSpec("as", .newName, summary: "the name to give it"),
    ])

let score = CommandSpec(
    "score", "rate every hidden neuron by what the model would lose without it",
    object: .choice(
        "what to score",
        [
            Choice("entropy", "label-free information entropy", options: [.t, .batch]),
            Choice("crossentropy", "the loss against the labels", options: [.batch]),
            Choice("magnitude", "the length of the weights"),
            Choice("activation", "the mean size of the activation", options: [.batch]),
            Choice("diversity", "how little the others can stand in for it"),
            Choice("random", "a draw, as a baseline", clauses: [.seed]),
        ]),
    clauses: [.layers("score these layers only"), .on, .using],
    options: [
        OptionSpec("signed", .boolean, "keep the sign of a neuron's influence", default: "no"),
        OptionSpec("precision", .words("float32", "bfloat16"), "what to compute in", default: "float32"),
    ],
    help: "Scores are kept in the session and reused wherever they still hold.",
    examples: [Example("score entropy t=15", "as for OpenCLIP-g"), "score magnitude layers 1..6"])

let search = CommandSpec(
    "search", "find the smallest width of each layer within a tolerance",
    object: .allOrLayers("what to search"),
    clauses: [
        ClauseSpec("within", .tolerance(), summary: "the entropy increase a layer may cost", default: "0.01"),
        ClauseSpec("to", .percent(), .words("flops", "params"), summary: "the budget to reach"),
        .on, .using,
    ],
    options: [OptionSpec("steps", .integer(.between(1, 20)), "bisection steps a layer", default: "6")],
    examples: ["search layer 12 within 0.01", "search layers 1..6 within 1%", "search all to 60% flops"])

let widen = CommandSpec(
    "widen", "make layers wider again",
    object: .allOrLayers(
        "what to widen",
        also: [
            Choice(
                "uniform", "every layer alike",
                clauses: [ClauseSpec("at", .percent(), summary: "the share of every layer")])
        ]), clauses: [.on])

let compare = CommandSpec("compare", "put models side by side", object: .list(.name(.model)), clauses: [.using])

let prune = CommandSpec(
    "prune", "apply the widths the search found", abbreviable: false,
    clauses: [.layers("prune these layers only"), .on],
    remarks: [Remark.Trigger.number, .word("ratio")].map { trigger in
        Remark(
            on: trigger, "'prune' takes no ratio: it applies the widths that 'search' found",
            hint: "set a tolerance (search all within 1%) or a budget (search all to 60% flops)")
    })

let evaluate = CommandSpec(
    "evaluate", "measure a model",
    object: .choice(
        "what to measure",
        [
            Choice(
                "knn", "accuracy of the nearest neighbours",
                options: [OptionSpec("k", .count(), "neighbours", default: "20")]),
            Choice("top1", "accuracy of the head"),
            Choice("entropy", "information entropy", options: [.t]),
            Choice("agreement", "how often it answers as the original does"),
            Choice(
                "linear", "accuracy of a linear probe",
                options: [OptionSpec("probe", .wordOrPath([Choice("mean")], "a file of probes"), "where to begin")]),
            Choice("latency", "images a second"),
        ]),
    clauses: [.limit, .on, .using])

let distill = CommandSpec(
    "distill", "train a pruned model to answer as the original does",
    clauses: [ClauseSpec("epochs", .count(), summary: "passes over the images"), .seed, .on, .using],
    options: [OptionSpec("lr", .number(.above(0)), "learning rate", default: "1e-5")])

let save = CommandSpec(
    "save", "write the model to a file or folder", abbreviable: false,
    object: .value(.path("the file or folder to write")), clauses: [.replace, .on])

let show = CommandSpec(
    "show", "print what the session knows",
    object: .choice(
        "what to show",
        [
            Choice("stats", "sizes before and after"), Choice("plan", "the widths found so far"),
            Choice("scores", "the distribution of scores", clauses: [.layers("these layers only")]),
            Choice("history", "the journal"),
        ]),
    clauses: [.on])

let undo = CommandSpec("undo", "take back sentences", object: .optional(.value(.count())))
let redo = CommandSpec("redo", "do again what was taken back", object: .optional(.value(.count())))

let run = CommandSpec(
    "run", "run a script", object: .value(.path("a script")), openOptions: .any, examples: [#"run "sweep.amp" e=0.02"#])

let export = CommandSpec(
    "export", "write the session in another form",
    object: .choice(
        "what to export",
        [
            Choice("script", "the sentences alone"), Choice("notebook", "a Jupyter notebook"),
            Choice("scores", "a table"),
        ]),
    clauses: [ClauseSpec("to", .path("the file to write"), summary: "where to write it"), .replace, .on])

let set = CommandSpec(
    "set", "change a setting",
    object: .setting(
        "which setting",
        [
            Choice("threads", "processor cores to use", value: .integer(.between(1, 1024))),
            Choice("memory", "how much to use for caches", value: .bytes()),
            Choice("color", "whether to colour", value: .boolean),
            Choice("title", "a heading for exports", value: .string("a title")),
        ]))

let help = CommandSpec("help", "explain a command", object: .optional(.words(.name(.command))))
let explain = CommandSpec("explain", "say what a sentence would do", object: .sentence)
let letValue = CommandSpec("let", "give a value a name", object: .assignment(overridable: false))
let param = CommandSpec("param", "give a value a name the caller may override", object: .assignment(overridable: true))
let forEach = CommandSpec("for", "run sentences for several values", object: .loop)

let expect = CommandSpec(
    "expect", "fail unless a measure is as expected",
    object: .comparison([
        Choice("knn", "accuracy of the nearest neighbours", value: .percent()),
        Choice("entropy", "information entropy", value: .number()),
        Choice("params", "parameters", value: .count()),
    ]))

let quit = CommandSpec("quit", "leave", abbreviable: false)

/// The first diagnostic of a text, as a script without a name, rendered.
func complaint(_ text: String, width: Int = 80, mode: ParseMode = .interactive) -> String {
    let source = Source(text)
    let script = vocabulary.check(source, mode: mode)
    return script.diagnostics.first?.rendered(source: source, width: width) ?? "no complaint"
}

/// The one sentence of a text, if it is right.
func sentence(_ text: String) throws -> Sentence {
    let script = vocabulary.parse(Source(text))
    if let diagnostic = script.diagnostics.first { throw diagnostic }
    guard let sentence = script.sentences.first, script.sentences.count == 1 else {
        throw Diagnostic("\(script.sentences.count) sentences in: \(text)")
    }
    return sentence
}
