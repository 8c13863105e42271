import Models

/// Where training takes its inputs from.
package protocol BatchSource: Sendable {
    var count: Int { get }
    var shape: InputShape { get }
    /// Whether an input is the same in every epoch, so that a teacher has to see it only once.
    var isFixed: Bool { get }
    /// The class of each input, where they have any.
    var labels: [Int]? { get }

    /// Inputs by their indices, in that order. The same indices and epoch always give the same inputs.
    func load(_ indices: [Int], epoch: Int) throws -> Inputs
}

/// Inputs that are taken as they are.
package struct PlainBatches<Source: InputSource>: BatchSource {
    private let source: Source
    package let labels: [Int]?

    package init(_ source: Source, labels: [Int]? = nil) {
        self.source = source
        self.labels = labels
    }

    package var count: Int { source.count }
    package var shape: InputShape { source.shape }
    package var isFixed: Bool { true }

    package func load(_ indices: [Int], epoch: Int) throws -> Inputs {
        Inputs(joining: try indices.map { try source.load($0..<($0 + 1)) }, shape: source.shape)
    }
}
