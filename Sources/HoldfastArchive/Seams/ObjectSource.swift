package import HoldfastModel

/// Where stored objects are read.
package protocol ObjectSource: Sendable {
    /// - Parameter length: nil reads to the end. Fewer bytes than asked for is an error of the source.
    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8]
    /// In bytes, as stored.
    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64
    /// The same source without the first of the places where an object may be read; nil where no place is left.
    func passingOver(_ places: Int) -> Self?
    /// What was read of the object here was not good: whoever keeps it should look.
    func found(damaged kind: ObjectKind, _ name: ObjectName) async
}

extension ObjectSource {
    package func passingOver(_ places: Int) -> Self? { nil }
    package func found(damaged kind: ObjectKind, _ name: ObjectName) async {}

    /// Reads an object from one place after the other, until what `body` reads there is good.
    ///
    /// - Throws: `corrupt` or `unsupported` where none has a good copy, and `unavailable` where the one that may have it can't be reached.
    // Not inlined: a throwing call inlined into an asynchronous loop crashes the optimiser of Swift 6.3.1.
    @inline(never)
    package func fromGoodCopy<Result>(
        of kind: ObjectKind, _ name: ObjectName, _ body: (Self) async throws -> Result
    ) async throws -> Result {
        var (source, places) = (self, 0)
        var damage: HoldfastError?
        while true {
            do {
                return try await body(source)
            } catch let error as HoldfastError where [.corrupt, .unsupported].contains(error.code) {
                // Damage may be just where the version stands.
                damage = damage ?? error
                if error.code == .corrupt { await source.found(damaged: kind, name) }
            } catch let error as HoldfastError where error.code == .notFound {
                throw damage ?? error
            }
            places += 1
            guard let next = passingOver(places) else {
                throw damage ?? HoldfastError(.corrupt, "No copy is good.")
            }
            source = next
        }
    }

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
