import HoldfastModel

/// Says of a type how its JSON looks, where reading it doesn't show that.
protocol SchemaDescribed: Decodable {
    static func schema(_ schemas: Schemas) -> JSONValue
    /// One value, for whoever reads types by reading.
    static var sample: Self { get }
}

/// JSON schemas of types, read off the very code that reads them: a type is read from a decoder that notes what it is
/// asked for. So the document can't say otherwise than the code.
final class Schemas {
    /// By the names of types.
    private(set) var components: [String: JSONValue] = [:]
    /// Types that can't be read so: any JSON may stand for them.
    private(set) var opaque: Set<String> = []

    func schema(of type: Any.Type) -> JSONValue {
        switch type {
        case is String.Type, is Secret.Type: return ["type": "string"]
        case is Bool.Type: return ["type": "boolean"]
        case is any FixedWidthInteger.Type: return ["type": "integer"]
        case is Double.Type, is Float.Type: return ["type": "number"]
        case let type as any SchemaDescribed.Type: return type.schema(self)
        case let type as any OptionalType.Type: return schema(of: type.wrapped)
        case let type as any ListType.Type: return ["type": "array", "items": schema(of: type.element)]
        case let type as any MapType.Type:
            return ["type": "object", "additionalProperties": schema(of: type.value)]
        case let type as any (CaseIterable & RawRepresentable).Type:
            if let words = Self.words(of: type) {
                return ["type": "string", "enum": .array(words.map { .string($0) })]
            }
            return component(type)
        default: return component(type)
        }
    }

    /// An object with exactly one of these members.
    func choice(_ members: [String: Any.Type]) -> JSONValue {
        [
            "oneOf": .array(
                members.sorted { $0.key < $1.key }.map { name, type in
                    ["type": "object", "properties": [name: schema(of: type)], "required": [.string(name)]]
                })
        ]
    }

    private func component(_ type: Any.Type) -> JSONValue {
        let name = String(reflecting: type).split(separator: ".").dropFirst().joined(separator: ".")
            .filter { $0.isLetter || $0.isNumber || $0 == "." }
        let reference: JSONValue = ["$ref": .string("#/components/schemas/\(name)")]
        guard components[name] == nil else { return reference }
        components[name] = [:]
        guard let type = type as? any Decodable.Type, let members = members(of: type) else {
            opaque.insert(name)
            return reference
        }
        components[name] = [
            "type": "object", "properties": .object(members.properties),
            "required": .array(members.required.sorted().map { .string($0) }),
        ]
        return reference
    }

    private func members(of type: any Decodable.Type) -> SchemaNotes? {
        let notes = SchemaNotes(self)
        guard (try? type.init(from: SchemaDecoder(notes))) != nil, notes.isObject else { return nil }
        return notes
    }

    private static func words<Value: CaseIterable & RawRepresentable>(of _: Value.Type) -> [String]? {
        let words = Value.allCases.compactMap { $0.rawValue as? String }
        return words.isEmpty ? nil : words
    }
}

/// What a type asked for.
final class SchemaNotes {
    let schemas: Schemas
    var properties: [String: JSONValue] = [:]
    var required: Set<String> = []
    var isObject = false

    init(_ schemas: Schemas) { self.schemas = schemas }

    func note(_ key: any CodingKey, _ type: Any.Type, isRequired: Bool) {
        properties[key.stringValue] = schemas.schema(of: type)
        if isRequired { required.insert(key.stringValue) }
    }
}

protocol OptionalType { static var wrapped: Any.Type { get } }
extension Optional: OptionalType { static var wrapped: Any.Type { Wrapped.self } }

protocol ListType { static var element: Any.Type { get } }
extension Array: ListType { static var element: Any.Type { Element.self } }
extension Set: ListType { static var element: Any.Type { Element.self } }

protocol MapType { static var value: Any.Type { get } }
extension Dictionary: MapType { static var value: Any.Type { Value.self } }
