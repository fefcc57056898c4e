package import HoldfastModel

/// A finished object, ready to be stored.
package struct SealedObject: Sendable {
    package let kind: ObjectKind
    package let name: ObjectName
    package let bytes: [UInt8]

    package init(kind: ObjectKind, name: ObjectName, bytes: [UInt8]) {
        self.kind = kind
        self.name = name
        self.bytes = bytes
    }

    /// Names the object by its bytes.
    init(kind: ObjectKind, bytes: [UInt8]) {
        var check = ObjectCheck()
        bytes.withUnsafeBytes { check.update($0) }
        self.init(kind: kind, name: check.name, bytes: bytes)
    }
}
