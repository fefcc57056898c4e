import HoldfastModel

/// What a store finds on its disk when it starts: it counts the objects, reads the holds, and clears away what was on its
/// way when the node stopped.
struct StoreOpening {
    private(set) var inventory = Inventory()
    private(set) var directories: Set<String> = []
    private(set) var holds: [BackupID: HoldFile.Header] = [:]
    private(set) var damagedHolds: [String: String] = [:]

    init(disk: any Disk) async throws {
        for directory in ["objects", "incoming", "holds", Quarantine.directory] {
            try await disk.makeDirectory(directory)
        }
        for entry in try await disk.list("incoming") where !entry.isDirectory {
            try await disk.remove("incoming/" + entry.name)
        }
        for kind in ObjectKind.allCases { try await count(kind, on: disk) }
        for entry in try await disk.list("holds") where !entry.isDirectory { try await readHold(entry.name, on: disk) }
        // A name that a killed process gave but did not sync could still be lost.
        try await disk.syncDirectory("holds")
    }

    private mutating func count(_ kind: ObjectKind, on disk: any Disk) async throws {
        let parent = "objects/\(kind.rawValue)"
        try await disk.makeDirectory(parent)
        for entry in try await disk.list(parent) where entry.isDirectory {
            let directory = "\(parent)/\(entry.name)"
            for file in try await disk.list(directory) where !file.isDirectory {
                try await count(file.name, in: directory, prefix: entry.name, on: disk)
            }
            try await disk.syncDirectory(directory)
            directories.insert(directory)
        }
        try await disk.syncDirectory(parent)
    }

    private mutating func count(_ name: String, in directory: String, prefix: String, on disk: any Disk) async throws {
        let path = "\(directory)/\(name)"
        if ObjectName(name) != nil, name.hasPrefix(prefix), let size = try await disk.size(of: path), size > 0 {
            inventory.add(size)
        } else {
            let destination = try await Quarantine.move(path, on: disk, at: Timestamp(milliseconds: 0))
            inventory.report("\(path) was set aside as \(destination), because no object can be called so or be empty")
        }
    }

    private mutating func readHold(_ name: String, on disk: any Disk) async throws {
        let path = "holds/\(name)"
        if name.hasSuffix(".new") { return try await disk.remove(path) }
        do {
            guard let backup = BackupID(name) else { throw HoldfastError(.corrupt, "no backup can be called so") }
            holds[backup] = try await HoldFile.check(path, of: backup, on: disk)
        } catch let error as HoldfastError where error.code == .corrupt {
            damagedHolds[name] = "\(path) can't be read, so nothing may be collected here: \(error.message)"
        }
    }
}
