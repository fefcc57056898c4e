package import HoldfastModel

extension ObjectStore {
    /// Reads the object and compares its hash with its name. One that differs or can't be read is set aside, and no longer here.
    ///
    /// - Returns: whether it is good.
    /// - Throws: `notFound`.
    package nonisolated func examine(_ kind: ObjectKind, _ name: ObjectName) async throws -> Bool {
        _ = try await size(kind, name)
        return try await examine(ObjectReference(kind, name)) != nil
    }

    /// Moves a file to the quarantine and reports it. The caller keeps the inventory right.
    nonisolated func setAside(_ path: String, because reason: String) async throws {
        let destination = try await Quarantine.move(path, on: disk, at: time.now)
        await report("\(path) was set aside as \(destination), because \(reason)")
    }

    func report(_ text: String) { inventory.report(text) }
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
