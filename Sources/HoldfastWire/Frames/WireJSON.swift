import Foundation
package import HoldfastModel

/// Bodies, events and replies as JSON, within the limit of a frame.
package enum WireJSON {
    /// Throws `tooLarge` beyond 64 KiB. `what` names the value in errors.
    package static func bytes(of value: some Encodable, _ what: String) throws(HoldfastError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do { data = try encoder.encode(value) } catch {
            throw HoldfastError(.internal, "The \(what) can't be written as JSON.")
        }
        guard data.count <= FrameLimits.body else {
            throw HoldfastError(
                .tooLarge, "The \(what) takes \(data.count) bytes of JSON; at most \(FrameLimits.body) can be sent.")
        }
        return Array(data)
    }

    /// For bulk, which may be longer.
    package static func bulk(of value: some Encodable, _ what: String) throws(HoldfastError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) } catch {
            throw HoldfastError(.internal, "The \(what) can't be written as JSON.")
        }
    }

    /// Throws `malformed`, without the bytes: they may hold a secret.
    package static func value<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>, _ what: String
    ) throws(HoldfastError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw HoldfastError(.malformed, "The \(what) is not the JSON expected\(place(of: error)).")
        }
    }

    private static func place(of error: any Error) -> String {
        let path: [any CodingKey]
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        default: path = []
        }
        let text = path.map(\.stringValue).joined(separator: ".")
        return text.isEmpty ? "" : " at “\(text.printable(limit: 100))”"
    }
}
