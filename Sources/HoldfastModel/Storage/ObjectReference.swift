/// An object of a node's store: its kind and its name. On the wire 33 bytes, the kind's number first.
package struct ObjectReference: Hashable, Comparable, Sendable {
    package static let byteCount = 1 + ObjectName.byteCount

    package var kind: ObjectKind
    package var name: ObjectName

    package init(_ kind: ObjectKind, _ name: ObjectName) { (self.kind, self.name) = (kind, name) }

    package var bytes: [UInt8] { [kind.number] + name.bytes }

    /// - Throws: `malformed` for what is no reference.
    package init(bytes: [UInt8]) throws(HoldfastError) {
        guard bytes.count == Self.byteCount, let kind = ObjectKind.allCases.first(where: { $0.number == bytes[0] })
        else { throw HoldfastError(.malformed, "A reference to an object of a kind that this program doesn't know") }
        self.init(kind, ObjectName(bytes: Array(bytes[1...])))
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.kind.number, left.name) < (right.kind.number, right.name)
    }
}

extension ObjectKind {
    /// On the wire; a number, once given, keeps its meaning.
    fileprivate var number: UInt8 {
        switch self {
        case .shard: 0
        case .manifest: 1
        case .references: 2
        case .tombstone: 3
        }
    }
}
