import Foundation
import HoldfastModel

/// What a request says, by the names of its fields; each was looked at to be of its field's kind.
struct Values: Sendable {
    var all: [String: JSONValue]

    func need<Value>(_ name: String, _ read: (String) throws -> Value) throws -> Value {
        guard let value = try find(name, read) else {
            throw HoldfastError(.invalidArgument, "“\(name)” is missing", context: ["field": name])
        }
        return value
    }

    /// Nil where it isn't there, or `null`.
    func find<Value>(_ name: String, _ read: (String) throws -> Value) throws -> Value? {
        guard let text = all[name]?.text else { return nil }
        do {
            return try read(text)
        } catch let error as HoldfastError {
            throw HoldfastError(error.code, "“\(name)”: \(error.message)", context: ["field": name])
        }
    }

    func text(_ name: String) -> String? { all[name]?.text }

    func secret(_ name: String) -> Secret? { all[name]?.text.map { Secret($0) } }

    func flag(_ name: String) -> Bool {
        if case .boolean(let value) = all[name] { value } else { false }
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let value) = all[name] { Int(exactly: value) } else { nil }
    }

    func texts<Value>(_ name: String, _ read: (String) throws -> Value) throws -> [Value] {
        guard case .array(let values) = all[name] else { return [] }
        return try values.compactMap(\.text).map { text in
            do { return try read(text) } catch let error as HoldfastError {
                throw HoldfastError(error.code, "“\(name)”: \(error.message)", context: ["field": name])
            }
        }
    }

    func value<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value? {
        guard let value = all[name], value != .null else { return nil }
        do {
            return try JSONDecoder().decode(type, from: JSONEncoder().encode(value))
        } catch {
            throw HoldfastError(
                .invalidArgument, "“\(name)” can't be read: \(error)".printable(limit: 300), context: ["field": name])
        }
    }

    static func id<Of>(_ text: String) throws -> ID<Of> {
        guard let id = ID<Of>(text) else {
            throw HoldfastError(.invalidArgument, "an identifier is \(ID<Of>.length) letters and digits")
        }
        return id
    }

    static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw HoldfastError(.invalidArgument, "write a time as in 2027-06-30T12:00:00Z")
        }
        return time
    }

    static func raw<Value: RawRepresentable>(_ text: String) throws -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            throw HoldfastError(.invalidArgument, "“\(text.printable(limit: 40))” is none of them")
        }
        return value
    }
}
