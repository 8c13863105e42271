import Crypto
import Foundation

/// The one spelling of a value in JSON: sorted keys, no blanks, `nan` and infinities as words.
///
/// A `Set`, or a dictionary whose keys are neither strings nor integers, has no one order: keep such values as sorted
/// arrays in what is stored by its content.
enum CanonicalJSON {
    static func encode(_ value: some Encodable) throws(StoreError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try encoder.encode(value)
        } catch {
            throw .notEncodable(type: String(describing: type(of: value)), detail: String(describing: error))
        }
    }

    /// - Parameter path: of the session file, for the error.
    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, path: String?) throws(StoreError) -> Value
    {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode(type, from: data)
        } catch {
            throw .notDecodable(
                path: StoreError.place(path), type: String(describing: type), detail: String(describing: error))
        }
    }

    static func identity(of json: Data) -> StateID {
        let digest = SHA256.hash(data: json)
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return StateID(hex: String(decoding: hex, as: UTF8.self))
    }
}
