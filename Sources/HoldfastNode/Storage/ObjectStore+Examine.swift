import Crypto
package import HoldfastModel

extension ObjectStore {
    /// Reads the objects back from the disk. What is not what its name says is set aside; what is gone is no longer counted
    /// as here. What can't be read stays: a disk that is away for a moment must not cost what is on it.
    ///
    /// - Returns: those that are not here as they should be, or can't be read now.
    package nonisolated func examine(_ objects: [ObjectReference]) async throws -> [ObjectReference] {
        var bad: [ObjectReference] = []
        for object in objects {
            try Task.checkCancellation()
            do {
                if try await examine(object) == nil { bad.append(object) }
            } catch let error as HoldfastError where error.code == .inputOutput {
                bad.append(object)
            }
        }
        return bad
    }

    /// - Parameter pass: called with the size of each piece that was read.
    /// - Returns: the object's bytes, nil where it is not here as it should be.
    /// - Throws: `inputOutput` where it can't be read.
    nonisolated func examine(
        _ object: ObjectReference, pass: (Int) async throws -> Void = { _ in }
    ) async throws -> Int64? {
        let path = Self.path(object.kind, object.name)
        do {
            let size = try await readBack(path, object.name, pass)
            if let size { return size }
            try await landings.withTurn(path) {
                // Another put may have mended it meanwhile.
                if try await readBack(path, object.name, { _ in }) != nil { return }
                try await giveUp(object, at: path, because: "its bytes are not those of its name")
            }
            return try await disk.size(of: path)
        } catch let error as HoldfastError where error.code == .notFound {
            await forgetMissing(object)
            return nil
        }
    }

    /// Sets an object aside that could not be read again and again.
    nonisolated func giveUpUnreadable(_ object: ObjectReference, because error: HoldfastError) async throws {
        let path = Self.path(object.kind, object.name)
        try await landings.withTurn(path) {
            try await giveUp(object, at: path, because: "it can't be read: \(error.message)")
        }
    }

    /// Nil where the bytes are not those of the name.
    private nonisolated func readBack(
        _ path: String, _ name: ObjectName, _ pass: (Int) async throws -> Void
    ) async throws -> Int64? {
        let file = try await disk.openUncached(path)
        do {
            var hash = SHA256()
            var position: Int64 = 0
            while true {
                let piece = try await file.read(at: position, count: Self.examinedPiece)
                if piece.isEmpty { break }
                hash.update(data: piece)
                position += Int64(piece.count)
                try await pass(piece.count)
            }
            await file.close()
            return hash.finalize().elementsEqual(name.bytes) ? position : nil
        } catch {
            await file.close()
            throw error
        }
    }

    private nonisolated func giveUp(_ object: ObjectReference, at path: String, because reason: String) async throws {
        let size = try await disk.size(of: path) ?? 0
        try await setAside(path, because: reason)
        await uncount(object.kind, object.name, size)
    }

    /// The file went away behind the node's back.
    private func forgetMissing(_ object: ObjectReference) {
        guard inventory.remove(object.kind, object.name) else { return }
        inventory.report("\(Self.path(object.kind, object.name)) is gone, and nobody here deleted it")
    }

    private static var examinedPiece: Int { 1 << 20 }
}
