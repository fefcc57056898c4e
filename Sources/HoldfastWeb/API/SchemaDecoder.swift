import HoldfastModel

/// Gives every type it is asked for some value of it, and notes the question.
struct SchemaDecoder: Decoder {
    let notes: SchemaNotes
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ notes: SchemaNotes) { self.notes = notes }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedDecodingContainer<Key> {
        notes.isObject = true
        return KeyedDecodingContainer(SchemaContainer<Key>(notes: notes))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unreadable() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Unreadable() }

    struct Unreadable: Error {}

    /// A value of the type.
    static func sample<Value: Decodable>(_ type: Value.Type, _ schemas: Schemas) throws -> Value {
        let value: Any
        switch type {
        case is String.Type: value = ""
        case is Secret.Type: value = Secret("")
        case is Bool.Type: value = false
        case is Double.Type: value = 0.0
        case let type as any FixedWidthInteger.Type: value = zero(type)
        case let type as any SchemaDescribed.Type: value = type.sample
        case let type as any EmptyInitial.Type: value = type.empty
        case let type as any (CaseIterable & RawRepresentable).Type: value = try first(type)
        default: return try type.init(from: SchemaDecoder(SchemaNotes(schemas)))
        }
        guard let value = value as? Value else { throw Unreadable() }
        return value
    }

    private static func zero<Value: FixedWidthInteger>(_: Value.Type) -> Any { Value.zero }

    private static func first<Value: CaseIterable>(_: Value.Type) throws -> Any {
        guard let first = Value.allCases.first else { throw Unreadable() }
        return first
    }
}

protocol EmptyInitial { static var empty: Self { get } }
extension Optional: EmptyInitial { static var empty: Self { .none } }
extension Array: EmptyInitial { static var empty: [Element] { [] } }
extension Set: EmptyInitial { static var empty: Set<Element> { [] } }
extension Dictionary: EmptyInitial { static var empty: [Key: Value] { [:] } }

private struct SchemaContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let notes: SchemaNotes
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_: Key) -> Bool { true }
    func decodeNil(forKey _: Key) throws -> Bool { false }

    private func need<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        notes.note(key, type, isRequired: true)
        return try SchemaDecoder.sample(type, notes.schemas)
    }

    private func find<Value>(_ type: Value.Type, _ key: Key) -> Value? {
        notes.note(key, type, isRequired: false)
        return nil
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try need(type, key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try need(type, key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try need(type, key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try need(type, key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try need(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try need(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try need(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try need(type, key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try need(type, key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try need(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try need(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try need(type, key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try need(type, key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try need(type, key) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try need(type, key) }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { find(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { find(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { find(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) -> Float? { find(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { find(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) -> Int8? { find(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) -> Int16? { find(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) -> Int32? { find(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { find(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) -> UInt? { find(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) -> UInt8? { find(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) -> UInt16? { find(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) -> UInt32? { find(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) -> UInt64? { find(type, key) }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) -> Value? { find(type, key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy _: Nested.Type, forKey _: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaDecoder.Unreadable() }
    func nestedUnkeyedContainer(forKey _: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaDecoder.Unreadable()
    }
    func superDecoder() throws -> any Decoder { throw SchemaDecoder.Unreadable() }
    func superDecoder(forKey _: Key) throws -> any Decoder { throw SchemaDecoder.Unreadable() }
}
