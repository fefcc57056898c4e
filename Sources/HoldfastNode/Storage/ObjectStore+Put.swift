import HoldfastArchive
package import HoldfastModel

extension ObjectStore {
    /// Stores an object whose bytes come from `next`, piece after piece until nil. On return file and directory are
    /// synced. An object that is here already is acknowledged without asking for its bytes.
    ///
    /// - Throws: `corrupt` where the bytes' hash is not the name, `malformed` where they aren't of the kind or not as many
    ///   as said, `checkFailed` where the project was erased, `noSpace`, `staleLayout`, `inputOutput`. The object is not here
    ///   then, unless it was before.
    package nonisolated func put(
        _ kind: ObjectKind, _ name: ObjectName, project: ProjectID, layout: UInt64, byteCount: Int64,
        from next: () async throws -> [UInt8]?
    ) async throws {
        guard byteCount > 0, byteCount <= configuration.objectByteLimit else {
            throw HoldfastError(
                .malformed, "An object of \(byteCount) bytes; 1 to \(configuration.objectByteLimit) can be stored")
        }
        try await check(layout: layout)
        try await requireNotErased(project)
        let path = Self.path(kind, name)
        if !landings.isTaken(path), try await disk.size(of: path) == byteCount { return }
        try await reserve(byteCount)
        do {
            let temporary = await temporaryPath()
            let owner = try await receive(kind, name, byteCount: byteCount, at: temporary, from: next)
            do {
                try await landings.withTurn(path) {
                    try await requireNotErased(owner?.project ?? project)
                    if try await land(temporary, at: path, byteCount: byteCount) {
                        do {
                            try await count(kind, name, of: owner, byteCount, for: project)
                        } catch {
                            try await takeAway(path)
                            throw error
                        }
                    }
                }
            } catch {
                // Also where the turn never came, because the task was cancelled while it waited.
                try? await disk.remove(temporary)
                throw error
            }
            await settle(byteCount, outcome: nil)
        } catch {
            let error = HoldfastError(error)
            await settle(byteCount, outcome: error)
            throw error.during("Storing \(kind.rawValue) \(name)")
        }
    }

    package nonisolated func put(
        _ kind: ObjectKind, _ name: ObjectName, project: ProjectID, layout: UInt64, bytes: [UInt8]
    ) async throws {
        var left: [UInt8]? = bytes
        try await put(kind, name, project: project, layout: layout, byteCount: Int64(bytes.count)) {
            defer { left = nil }
            return left
        }
    }

    /// Writes the bytes to the temporary file, checks them and syncs it; leaves no file where that fails.
    ///
    /// - Returns: whose the object is.
    private nonisolated func receive(
        _ kind: ObjectKind, _ name: ObjectName, byteCount: Int64, at temporary: String,
        from next: () async throws -> [UInt8]?
    ) async throws -> ObjectOwner? {
        let file = try await disk.create(temporary)
        do {
            var check = ArrivalCheck(kind: kind, name: name, byteCount: byteCount)
            while let piece = try await next() {
                try check.take(piece)
                try await file.append(piece)
            }
            try check.finish()
            try await file.sync()
            await file.close()
            return check.owner
        } catch {
            await file.close()
            try? await disk.remove(temporary)
            throw error
        }
    }

    /// Gives the synced file its name, unless another put of the same object did so meanwhile.
    ///
    /// - Returns: whether it did.
    private nonisolated func land(_ temporary: String, at path: String, byteCount: Int64) async throws -> Bool {
        let present = try await disk.size(of: path)
        if present == byteCount {
            try await disk.remove(temporary)
            return false
        }
        if present != nil { try await setAside(path, because: "its size is not the one its bytes have") }
        let directory = DiskPath.parent(of: path)
        if !(await isReady(directory)) {
            try await disk.makeDirectory(directory)
            await markReady(directory)
        }
        try await disk.rename(temporary, to: path)
        try await makeDurable(path, in: directory)
        return true
    }

    private nonisolated func makeDurable(_ path: String, in directory: String) async throws {
        do {
            try await disk.syncDirectory(directory)
        } catch {
            // What else the failed sync of the directory lost can't be known, so nothing more is put on this disk.
            let error = HoldfastError(error)
            await stopWriting(error)
            try? await disk.remove(path)
            throw error
        }
    }
}
