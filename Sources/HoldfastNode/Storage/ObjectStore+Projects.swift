import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

extension ObjectStore {
    static let projectDirectory = "projects"

    static func path(_ project: ProjectID) -> String { "\(projectDirectory)/\(project)" }

    /// Keeps a project's record, unless a higher version of it is here. Durable on return.
    ///
    /// - Returns: the version that is here now.
    /// - Throws: `deposed`; `corrupt` for what is no record of the project, `checkFailed` where it was erased; `unsupported`
    ///   where the one that is here is of a later format; `noSpace`, `inputOutput`.
    package nonisolated func store(
        _ bytes: [UInt8], of project: ProjectID, by order: Order
    ) async throws -> UInt64 {
        try await obey(order)
        let record = try SealedProjectRecord(decoding: bytes)
        guard record.project == project else {
            throw HoldfastError(.corrupt, "A record of project \(record.project) was sent for project \(project)")
        }
        guard !record.isErased else {
            throw HoldfastError(
                .corrupt, "A record that says that project \(project) was erased; only an order to erase it leaves one")
        }
        let path = Self.path(project)
        return try await recordWrites.withTurn(path) {
            if let here = try await goodRecord(of: project), here.version >= record.version { return here.version }
            // Also where what says so can't be read any more.
            try await requireNotErased(project)
            try await disk.replace(path, with: bytes)
            return record.version
        }
    }

    /// What is here, by project. Damaged ones are passed over: a good one takes their place when it is stored.
    package nonisolated func projectVersions() async throws -> [(project: ProjectID, version: UInt64)] {
        var versions: [(ProjectID, UInt64)] = []
        for entry in try await disk.list(Self.projectDirectory) where !entry.isDirectory {
            try Task.checkCancellation()
            guard let project = ProjectID(entry.name) else { continue }
            do {
                guard let record = try await goodRecord(of: project) else { continue }
                versions.append((project, record.version))
            } catch let error as HoldfastError where [.unsupported, .inputOutput].contains(error.code) {
                continue
            }
        }
        return versions.sorted { $0.0 < $1.0 }
    }

    /// - Throws: `notFound` where there is none, or none that is whole.
    package nonisolated func projectRecord(_ project: ProjectID) async throws -> [UInt8] {
        guard let record = try await goodRecord(of: project) else {
            throw HoldfastError(.notFound, "Node \(node) has no record of project \(project)")
        }
        return record.bytes
    }

    /// Durable on return; gone already is fine. That a project was erased is not forgotten.
    package nonisolated func removeRecord(of project: ProjectID, by order: Order) async throws {
        try await obey(order)
        let path = Self.path(project)
        try await recordWrites.withTurn(path) {
            guard await !erased.contains(project) else { return }
            try await disk.removeReplaced(path)
        }
    }

    /// Nil where there is none or it is damaged.
    nonisolated func goodRecord(of project: ProjectID) async throws -> SealedProjectRecord? {
        do {
            guard
                let bytes = try await disk.contents(
                    of: Self.path(project), limit: SealedProjectRecord.byteLimit)
            else { return nil }
            let record = try Self.record(bytes)
            return record.project == project ? record : nil
        } catch let error as HoldfastError where error.code == .corrupt {
            return nil
        }
    }

    // Inlined into a loop, the throwing initialiser crashes the optimiser of Swift 6.3.1.
    @inline(never)
    private static func record(_ bytes: [UInt8]) throws(HoldfastError) -> SealedProjectRecord {
        try SealedProjectRecord(decoding: bytes)
    }
}
