import HoldfastModel

extension Disk {
    /// The file's bytes; nil where there is none.
    /// - Throws: `corrupt` where it is longer than `limit`.
    package func contents(of path: String, limit: Int) async throws -> [UInt8]? {
        guard let size = try await size(of: path) else { return nil }
        guard size <= Int64(limit) else {
            throw HoldfastError(.corrupt, "\(path) has \(size) bytes, more than the \(limit) it may have")
        }
        let file = try await openForReading(path)
        do {
            let bytes = try await file.read(at: 0, count: Int(size))
            await file.close()
            return bytes
        } catch {
            await file.close()
            throw error
        }
    }

    /// Puts the bytes in the file's place: after a crash it holds all of the old or all of the new ones. The new ones are
    /// durable on return.
    package func replace(_ path: String, with bytes: [UInt8]) async throws {
        let temporary = path + ".new"
        if try await size(of: temporary) != nil { try await remove(temporary) }
        let file = try await create(temporary)
        do {
            try await file.append(bytes)
            try await file.sync()
        } catch {
            await file.close()
            try? await remove(temporary)
            throw error
        }
        await file.close()
        try await rename(temporary, to: path)
        try await syncDirectory(DiskPath.parent(of: path))
    }

    /// Removes a file that was written by `replace`, and what a replacement cut short left beside it. Durable on return;
    /// gone already is fine.
    package func removeReplaced(_ path: String) async throws {
        var isRemoved = false
        for path in [path + ".new", path] where try await size(of: path) != nil {
            try await remove(path)
            isRemoved = true
        }
        if isRemoved { try await syncDirectory(DiskPath.parent(of: path)) }
    }
}

/// Pieces of the paths that a `Disk` takes.
package enum DiskPath {
    /// Empty for a path of one component: the data directory itself.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }
}
