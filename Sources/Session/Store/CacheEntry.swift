import Foundation

/// A computed value under the hash of everything it depends on.
package struct CacheEntry: Sendable, Hashable {
    package var key: String
    /// What it is, for the listing: `scores`, `activations`.
    package var kind: String
    package var data: Data

    package init(key: String, kind: String, data: Data) {
        self.key = key
        self.kind = kind
        self.data = data
    }
}

/// The cached values of one kind.
package struct CacheKind: Sendable, Hashable {
    package var kind: String
    package var count: Int
    package var bytes: Int

    package init(kind: String, count: Int, bytes: Int) {
        self.kind = kind
        self.count = count
        self.bytes = bytes
    }
}
