import HoldfastModel
import Synchronization

/// The value that a record's body was read as, shared by the record's copies: what a catalog keeps in memory is read once
/// for each revision. It is no part of what the record says, so that all are equal.
final class DecodedBody: Sendable {
    private let value = Mutex<(any Sendable)?>(nil)

    func callAsFunction<Value: Sendable>(_ read: () throws(HoldfastError) -> Value) throws(HoldfastError) -> Value {
        if let known = value.withLock({ $0 }) as? Value { return known }
        let new = try read()
        value.withLock { $0 = new }
        return new
    }
}

extension DecodedBody: Hashable {
    static func == (_: DecodedBody, _: DecodedBody) -> Bool { true }
    func hash(into _: inout Hasher) {}
}
