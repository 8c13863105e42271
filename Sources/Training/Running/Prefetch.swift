import Dispatch
import Models
import Tensor

/// Loads the next batch on another thread while this one is worked on.
final class Prefetch: Sendable {
    private let queue = DispatchQueue(label: "batches")
    private let ready = DispatchSemaphore(value: 0)
    private let result = Locked<Result<Inputs, any Error>?>(nil)

    func start(_ load: @escaping @Sendable () throws -> Inputs) {
        queue.async { [result, ready] in
            let loaded = Result { try load() }
            result.withLock { $0 = loaded }
            ready.signal()
        }
    }

    /// Waits for what was started last. Each start is to be taken once.
    func take() throws -> Inputs? {
        ready.wait()
        return try result.withLock { result in
            defer { result = nil }
            return result
        }?.get()
    }
}
