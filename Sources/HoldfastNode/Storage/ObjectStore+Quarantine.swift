import Crypto
package import HoldfastModel

extension ObjectStore {
    /// Reads the object and compares its hash with its name. One that differs is set aside, and no longer here.
    ///
    /// - Returns: whether it is good.
    /// - Throws: `notFound`; `inputOutput` where it can't be read, which says nothing about its bytes.
    package nonisolated func examine(_ kind: ObjectKind, _ name: ObjectName) async throws -> Bool {
        var hash = SHA256()
        let size = try await get(kind, name, offset: 0, length: nil) { hash.update(data: $0) }
        if hash.finalize().elementsEqual(name.bytes) { return true }
        let path = Self.path(kind, name)
        try await landings.withTurn(path) {
            try await setAside(path, because: "its bytes are not those of its name")
            await uncount(kind, name, size)
        }
        return false
    }

    /// Moves a file to the quarantine and reports it. The caller keeps the inventory right.
    nonisolated func setAside(_ path: String, because reason: String) async throws {
        let destination = try await Quarantine.move(path, on: disk, at: time.now)
        await report("\(path) was set aside as \(destination), because \(reason)")
    }

    private func report(_ text: String) { inventory.report(text) }
}

/// The folder of what could not be what its name says.
enum Quarantine {
    static let directory = "quarantine"

    /// - Returns: the path it has now.
    static func move(_ path: String, on disk: any Disk, at time: Timestamp) async throws -> String {
        try await disk.makeDirectory(directory)
        let base = "\(directory)/\(time.milliseconds)-\(path.split(separator: "/").joined(separator: "_"))"
        var destination = base
        var number = 1
        while try await disk.size(of: destination) != nil {
            number += 1
            destination = "\(base)-\(number)"
        }
        try await disk.rename(path, to: destination)
        try await disk.syncDirectory(directory)
        try await disk.syncDirectory(DiskPath.parent(of: path))
        return destination
    }
}
