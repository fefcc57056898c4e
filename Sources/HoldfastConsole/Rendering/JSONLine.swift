import Foundation
package import HoldfastModel

/// Values as one line of JSON with sorted keys, and back.
package enum JSONLine {
    package static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("Values of ours can always be encoded: \(error)")
        }
    }

    /// - Throws: `malformed` for what is no JSON of that type.
    package static func value<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: some Sequence<UInt8>
    ) throws(HoldfastError) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(text)) } catch { throw HoldfastError(error) }
    }
}
