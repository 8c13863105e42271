import Foundation

/// Gives memory that is no longer used back to the system, which the allocator would otherwise keep.
///
/// Looked up by name: Swift's module of the C library leaves `malloc.h` out, and other C libraries lack the function.
package func returnFreeMemory() {
    guard let trim = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> CInt).self)(0)
}

/// Keeps memory that becomes free for what is allocated next, instead of giving it back and asking for it again.
///
/// Activations come and go with every unit of images; the system would clear each page anew, about a twentieth of the time
/// that scoring takes. `returnFreeMemory` gives back what is left after long work.
package func reuseFreeMemory() {
    guard let option = dlsym(nil, "mallopt") else { return }
    let set = unsafeBitCast(option, to: (@convention(c) (CInt, CInt) -> CInt).self)
    // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h.
    _ = set(-1, CInt.max)
    _ = set(-3, 1 << 28)
}
