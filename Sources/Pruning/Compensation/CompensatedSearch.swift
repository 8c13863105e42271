import Models
import Tensor

/// What a search needs to judge its tries after compensation.
///
/// While layer ℓ is searched, what enters it is what entered it at the start: earlier layers are not narrowed yet. So the
/// covariance of its hidden activations is summed up once, with the model as it stands at the start, and each width takes
/// that of the neurons it keeps. Where a norm stands between neurons and output layer, each width has activations of its
/// own, which are summed up for each. All targets are the same here. Once earlier layers are narrowed too, a `Compensator`
/// can fit all output layers anew to what enters them then.
package struct CompensatedSearch: Sendable {
    let compensation: Compensation
    let images: any InputSource
    let memoryLimit: Int
    let found: @Sendable (Int, OutputLayer) throws -> Void

    /// - Parameters:
    ///   - images: the calibration images, of which every token counts.
    ///   - memoryLimit: bytes that covariances may take beside what the search keeps. Where those of all layers do not fit,
    ///     the images run again for some of the layers at a time.
    ///   - found: called with the output layer of each layer that was narrowed.
    package init(
        compensation: Compensation, images: any InputSource, memoryLimit: Int,
        found: @escaping @Sendable (Int, OutputLayer) throws -> Void = { _, _ in }
    ) {
        self.compensation = compensation
        self.images = images
        self.memoryLimit = memoryLimit
        self.found = found
    }

    func begin(
        _ transformer: Transformer, layers: [Int], steps: Int, meter: WorkMeter, monitor: Monitor
    ) throws -> SearchCalibration {
        try SearchCalibration(self, transformer, layers: layers, steps: steps, meter: meter, monitor: monitor)
    }
}
