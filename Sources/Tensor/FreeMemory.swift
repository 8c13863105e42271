import Glibc

/// Gives memory that is no longer used back to the system, which the allocator would otherwise keep.
package func returnFreeMemory() { _ = malloc_trim(0) }
