import HoldfastArchive
import HoldfastModel

/// What a store finds on its disk when it starts: it counts the objects, reads the holds, and clears away what was on its
/// way when the node stopped.
struct StoreOpening {
    private(set) var inventory = Inventory()
    private(set) var directories: Set<String> = []
    private(set) var holds: [BackupID: HoldFile.Header] = [:]
    private(set) var damagedHolds: [String: String] = [:]
    private(set) var buried: Set<BackupID> = []
    private(set) var condemned: [ProjectID: Set<ObjectName>] = [:]
    private(set) var erased: Set<ProjectID> = []

    init(disk: any Disk) async throws {
        for directory in [
            "objects", "incoming", HoldFile.directory, CondemnedFile.directory, Quarantine.directory,
            ObjectStore.projectDirectory,
        ] {
            try await disk.makeDirectory(directory)
        }
        for entry in try await disk.list("incoming") where !entry.isDirectory {
            try await disk.remove("incoming/" + entry.name)
        }
        for entry in try await disk.list(ObjectStore.projectDirectory) where !entry.isDirectory {
            let path = "\(ObjectStore.projectDirectory)/\(entry.name)"
            if entry.name.hasSuffix(".new") {
                try await disk.remove(path)
            } else if let project = ProjectID(entry.name), try await Self.isErased(path, on: disk) {
                erased.insert(project)
            }
        }
        for kind in ObjectKind.allCases { try await count(kind, on: disk) }
        for entry in try await disk.list(HoldFile.directory) where !entry.isDirectory {
            try await readHold(entry.name, on: disk)
        }
        // A name that a killed process gave but did not sync could still be lost.
        try await disk.syncDirectory(HoldFile.directory)
        for entry in try await disk.list(CondemnedFile.directory) where !entry.isDirectory {
            try await readCondemned(entry.name, on: disk)
        }
        try await disk.syncDirectory(CondemnedFile.directory)
    }

    /// By the version in its head: the rest need not be read. One that can't be read refuses nothing.
    private static func isErased(_ path: String, on disk: any Disk) async throws -> Bool {
        do {
            let file = try await disk.openForReading(path)
            let head = try? await file.read(at: 0, count: SealedProjectRecord.headByteCount)
            await file.close()
            return head.flatMap(SealedProjectRecord.version(ofHead:)).map(SealedProjectRecord.isErased) ?? false
        } catch let error as HoldfastError where error.code == .inputOutput {
            return false
        }
    }

    private mutating func count(_ kind: ObjectKind, on disk: any Disk) async throws {
        let parent = "objects/\(kind.rawValue)"
        try await disk.makeDirectory(parent)
        for entry in try await disk.list(parent) where entry.isDirectory {
            let directory = "\(parent)/\(entry.name)"
            for file in try await disk.list(directory) where !file.isDirectory {
                try await count(kind, file.name, in: directory, prefix: entry.name, on: disk)
            }
            try await disk.syncDirectory(directory)
            directories.insert(directory)
        }
        try await disk.syncDirectory(parent)
    }

    private mutating func count(
        _ kind: ObjectKind, _ name: String, in directory: String, prefix: String, on disk: any Disk
    ) async throws {
        let path = "\(directory)/\(name)"
        if let object = ObjectName(name), name.hasPrefix(prefix), let size = try await disk.size(of: path), size > 0 {
            let owner = try await ObjectOwner.read(path, on: disk)
            inventory.add(kind, object, of: owner, size)
            if kind == .tombstone, let backup = owner?.backup { buried.insert(backup) }
        } else {
            let destination = try await Quarantine.move(path, on: disk, at: Timestamp(milliseconds: 0))
            inventory.report("\(path) was set aside as \(destination), because no object can be called so or be empty")
        }
    }

    /// Without the list nothing on it is condemned, which only means that it has to be condemned again.
    private mutating func readCondemned(_ name: String, on disk: any Disk) async throws {
        let path = "\(CondemnedFile.directory)/\(name)"
        if name.hasSuffix(".new") { return try await disk.remove(path) }
        do {
            guard let project = ProjectID(name) else { throw HoldfastError(.corrupt, "no project can be called so") }
            condemned[project] = try await CondemnedFile.read(project, on: disk)?.names
        } catch let error as HoldfastError where error.code == .corrupt {
            let destination = try await Quarantine.move(path, on: disk, at: Timestamp(milliseconds: 0))
            inventory.report("\(path) was set aside as \(destination): \(error.message)")
        }
    }

    private mutating func readHold(_ name: String, on disk: any Disk) async throws {
        let path = "\(HoldFile.directory)/\(name)"
        if name.hasSuffix(".new") { return try await disk.remove(path) }
        do {
            guard let backup = BackupID(name) else { throw HoldfastError(.corrupt, "no backup can be called so") }
            holds[backup] = try await HoldFile.check(path, of: backup, on: disk)
        } catch let error as HoldfastError where error.code == .corrupt {
            damagedHolds[name] = "\(path) can't be read, so nothing may be collected here: \(error.message)"
        }
    }
}
