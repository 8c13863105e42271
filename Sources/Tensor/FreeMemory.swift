import Foundation

/// Gives memory that is no longer used back to the system, which the allocator would otherwise keep.
///
/// Looked up by name: Swift's module of the C library leaves `malloc.h` out, and other C libraries lack the function.
package func returnFreeMemory() {
    guard let trim = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> CInt).self)(0)
}
