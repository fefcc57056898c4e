import HoldfastModel

/// Holds that can't be read. Each keeps everything from being deleted here, so that one of a project that is erased has
/// to be known for what it is: nobody will hold its backup anew.
extension ObjectStore {
    /// The file names of those that are the project's: by the backup that they are called after, by what is left of their
    /// header, or by the objects that they still name.
    nonisolated func unreadableHolds(of project: ProjectID) async throws -> [String] {
        let damaged = await damagedHolds.keys.sorted()
        guard !damaged.isEmpty else { return [] }
        let objects = await objects(of: project)
        var backups: Set<String> = []
        for object in objects where object.kind != .shard {
            if let backup = try await owner(object.kind, object.name)?.backup { backups.insert(backup.text) }
        }
        let names = Set(objects.map(\.name))
        var found: [String] = []
        for hold in damaged {
            if backups.contains(hold) {
                found.append(hold)
            } else if let remains = await HoldFile.Remains("\(HoldFile.directory)/\(hold)", on: disk),
                remains.project == project || remains.mentions(names)
            {
                found.append(hold)
            }
        }
        return found
    }

    nonisolated func setAsideHold(_ name: String) async throws {
        let path = "\(HoldFile.directory)/\(name)"
        try await recordWrites.withTurn(path) {
            // Its backup may have been held anew meanwhile.
            guard await damagedHolds[name] != nil else { return }
            if try await disk.size(of: path) != nil {
                try await setAside(path, because: "its project was erased and it could not be read")
            }
            await forgetDamaged(name)
        }
    }

    private func objects(of project: ProjectID) -> [ObjectReference] {
        ObjectKind.allCases.flatMap { kind in names(of: kind, in: project).map { ObjectReference(kind, $0) } }
    }

    func forgetDamaged(_ name: String) { damagedHolds[name] = nil }
}

extension HoldFile {
    /// What stands where a good one has it.
    struct Remains {
        private let bytes: [UInt8]

        /// Nil where nothing can be read.
        init?(_ path: String, on disk: any Disk) async {
            guard let bytes = try? await disk.contents(of: path, limit: HoldFile.byteLimit) else { return nil }
            self.bytes = bytes
        }

        var project: ProjectID? {
            bytes.count < 32 ? nil : ProjectID(String(decoding: bytes[20..<32], as: UTF8.self))
        }

        /// A name says whose it is: it is the hash of bytes that do.
        func mentions(_ names: Set<ObjectName>) -> Bool {
            // The version, by which they begin at one place or the other, may be what is damaged.
            for start in [HoldFile.headerByteCount, HoldFile.headerByteCount + HoldFile.lockByteCount] {
                for place in stride(from: start, through: bytes.count - 32, by: 32)
                where names.contains(ObjectName(bytes: Array(bytes[place..<place + 32]))) { return true }
            }
            return false
        }
    }
}
