import Foundation

/// A safetensors file put together by hand, so that tests can also make what no writer would.
struct SafetensorsBytes {
    private(set) var entries: [String] = []
    private(set) var data: [UInt8] = []

    mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) {
        append(name, "F32", shape, values.withUnsafeBytes { Array($0) })
    }

    mutating func add(_ name: String, _ values: [Int64]) {
        append(name, "I64", [values.count], values.withUnsafeBytes { Array($0) })
    }

    private mutating func append(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
        entries.append(
            "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(data.count),\(data.count + bytes.count)]}"
        )
        data += bytes
    }

    var header: String { "{" + entries.joined(separator: ",") + "}" }

    var bytes: [UInt8] { Self.file(header: Array(header.utf8), data: data) }

    /// - Parameter length: what the file says the header's length is, where that is not true.
    static func file(header: [UInt8], length: UInt64? = nil, data: [UInt8]) -> [UInt8] {
        let length = length ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
    }
}
