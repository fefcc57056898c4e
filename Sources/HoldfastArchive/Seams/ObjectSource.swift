package import HoldfastModel

/// Where stored objects are read.
package protocol ObjectSource: Sendable {
    /// - Parameter length: nil reads to the end. Fewer bytes than asked for is an error of the source.
    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8]
    /// In bytes, as stored.
    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64
}

extension ObjectSource {
    /// Exactly the bytes asked for.
    ///
    /// - Throws: `corrupt` if the source gave another number of bytes.
    func exactly(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int
    ) async throws -> [UInt8] {
        let bytes = try await read(kind, name, offset: offset, length: Int64(length))
        guard bytes.count == length else {
            throw HoldfastError(
                .corrupt, "The stored \(kind.rawValue) \(name) is shorter than it should be; another copy is needed.")
        }
        return bytes
    }
}
