// swift-tools-version: 6.1
import PackageDescription

// The arrows of docs/architecture.md: a target imports only what stands above it here.
let package = Package(
    name: "amp",
    products: [.executable(name: "amp", targets: ["amp"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // System libraries, found by pkg-config.
        .systemLibrary(name: "CProcessor"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CLibEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Shims of a few lines, where an API is variadic or made of macros.
        .target(name: "CEditline", dependencies: ["CLibEdit"]),
        .target(name: "CPNG", dependencies: ["CLibPNG"]),

        // The numeric core. Its loops are some hundred times slower unoptimised, so debug builds optimise it too.
        .target(
            name: "Tensor",
            dependencies: ["COpenBLAS", "CProcessor", .product(name: "RealModule", package: "swift-numerics")],
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),

        // What the numbers come from and go to.
        .target(name: "Compression", dependencies: ["CZlib"]),
        .target(
            name: "Checkpoints", dependencies: ["Tensor", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Models", dependencies: ["Tensor", "Checkpoints"]),
        .target(
            name: "Images",
            dependencies: [
                "Tensor", "Checkpoints", "Compression", "CTurboJPEG", "CPNG",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),

        .target(name: "Text", dependencies: ["Checkpoints", "Compression"]),

        // The methods.
        .target(name: "Pruning", dependencies: ["Tensor", "Models", "Images"]),
        .target(name: "Evaluation", dependencies: ["Tensor", "Models", "Images"]),
        .target(name: "Training", dependencies: ["Tensor", "Checkpoints", "Models"]),

        // Words and pictures: they know no pruning.
        .target(name: "Language"),
        .target(name: "Report"),

        // The notebook, and the one target that knows a terminal.
        .target(
            name: "Session",
            dependencies: [
                "Language", "Report", "Pruning", "Training", "Evaluation", "Models", "Images", "Text", "Checkpoints",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        // The notebook behind Jupyter. libzmq is looked for when it runs.
        .target(
            name: "Jupyter",
            dependencies: ["Session", "Language", "Report", .product(name: "Crypto", package: "swift-crypto")]),
        .executableTarget(
            name: "amp",
            dependencies: [
                "Session", "Jupyter", "Language", "Report", "Tensor", "CEditline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Measurements, for `scripts/bench`; no part of what users get.
        .executableTarget(
            name: "amp-bench",
            dependencies: [
                "Pruning", "Training", "Models", "Images", "Checkpoints", "Tensor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Sources/Bench"),

        // Seeded numbers and tiny models that several test targets work with.
        .target(name: "Samples", dependencies: ["Tensor", "Checkpoints", "Models"], path: "Tests/Samples"),
        // One test target a room, and one that drives the real binary.
        .testTarget(name: "TensorTests", dependencies: ["Tensor", "Samples"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "Tensor", "Samples"]),
        .testTarget(
            name: "ModelsTests", dependencies: ["Models", "Checkpoints", "Tensor", "Samples"], exclude: ["Fixtures"]),
        .testTarget(
            name: "ImagesTests",
            dependencies: ["Images", "Checkpoints", "Tensor", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Fixtures"]),
        .testTarget(name: "TextTests", dependencies: ["Text", "Samples"], exclude: ["Fixtures"]),
        .testTarget(
            name: "PruningTests",
            dependencies: ["Pruning", "Evaluation", "Models", "Images", "Checkpoints", "Samples"]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Evaluation", "Models", "Images", "Text", "Checkpoints", "Tensor", "Samples"]),
        .testTarget(
            name: "TrainingTests", dependencies: ["Training", "Models", "Checkpoints", "Tensor", "Samples"]),
        .testTarget(name: "LanguageTests", dependencies: ["Language"]),
        .testTarget(name: "ReportTests", dependencies: ["Report"]),
        .testTarget(name: "SessionTests", dependencies: ["Session", "Language", "Report", "Checkpoints", "Tensor"]),
        .testTarget(name: "JupyterTests", dependencies: ["Jupyter", "Session", "Language", "Report"]),
        .testTarget(
            name: "AmpTests",
            dependencies: ["amp", "Session", "Language", "Report", "Checkpoints", "Tensor", "Samples"]),
    ],
    swiftLanguageModes: [.v6]
)
