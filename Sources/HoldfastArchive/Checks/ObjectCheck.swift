import Crypto
package import HoldfastModel

/// Checks whole objects without any key: what a node does on arrival and when it scrubs.
package struct ObjectCheck: Sendable {
    /// How many bytes `kind(ofPrefix:)` needs.
    package static let prefixLength = Format.magicLength

    private var hasher = SHA256()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hasher.update(bufferPointer: bytes) }

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) } }

    /// The name of an object of exactly the bytes given so far.
    package var name: ObjectName { ObjectName(bytes: Array(hasher.finalize())) }

    package static func name(of bytes: [UInt8]) -> ObjectName {
        var check = ObjectCheck()
        check.update(bytes)
        return check.name
    }

    /// What an object that begins so claims to be.
    package static func kind(ofPrefix prefix: some Collection<UInt8>) -> ObjectKind? {
        switch Array(prefix.prefix(prefixLength)) {
        case Format.shard.magic: .shard
        case Format.manifest.magic: .manifest
        case Format.references.magic: .references
        case Format.tombstone.magic: .tombstone
        default: nil
        }
    }
}
