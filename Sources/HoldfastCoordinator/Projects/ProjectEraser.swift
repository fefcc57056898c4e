import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire
import Logging

/// Erases projects: takes their keys out of the catalog first, which makes everything of them unreadable, and has every node
/// delete what it has, at once or when it is back.
struct ProjectEraser {
    private static let batch = 100

    let office: Office
    private var records: ProjectRecords { ProjectRecords(office: office) }

    /// - Throws: `busy` while it has environments or jobs; `checkFailed` while one of its backups is locked.
    func erase(_ stored: Stored<Project>, author: String) async throws {
        let project = stored.value
        guard try await office.catalog.list(Environment.self, scope: project.name.text, limit: 1).isEmpty else {
            throw HoldfastError(.busy, "Project \(project.name) has environments: remove them first")
        }
        try await requireErasable(project)
        try await forget(stored, author: author)
    }

    /// - Throws: `busy` while a job is at work on it or reads of it; `checkFailed` while one of its backups is locked.
    private func requireErasable(_ project: Project) async throws {
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
        let backups = try await backups(of: project).map(\.value)
        let own = Set(backups.map(\.id))
        // A restore of it into another project is in that one's list.
        if let job = open.first(where: { $0.project == project.id || $0.machine.backups.contains(where: own.contains) })
        {
            throw HoldfastError(
                .busy, "Job \(job.id) is at work on project \(project.name): wait for it, or cancel it",
                context: ["job": job.id.text])
        }
        let locks = backups.compactMap(\.receipt?.lockedUntil)
        if let end = locks.max(), end > office.clock.now {
            throw HoldfastError(
                .checkFailed,
                "Backups of project \(project.name) are locked until \(end.plain) UTC: it stays until then")
        }
    }

    /// The first step, after which nothing can be read any more.
    private func forget(_ stored: Stored<Project>, author: String) async throws {
        let project = stored.value
        var changes = Changes()
        changes.delete(stored)
        for environment in try await office.catalog.all(Environment.self, scope: project.name.text) {
            changes.delete(environment)
        }
        for schedule in try await office.catalog.all(Schedule.self, group: project.name.text)
        where schedule.value.project == project.id { changes.delete(schedule) }
        for target in try await office.catalog.all(NoticeTarget.self, scope: project.id.text) {
            changes.delete(target)
        }
        changes.add(try await marking(project.id, name: project.name, author: author))
        try await office.ledger.commit(changes)
        await office.projects.forget(project.name)
        office.logger.notice("Project \(project.name) (\(project.id)) was erased, by \(author)")
    }

    private func marking(_ project: ProjectID, name: Name?, author: String) async throws -> Changes {
        let stored = try await records.storedMarks()
        var marks = stored?.value.value ?? [:]
        var mark = marks[project.text] ?? ProjectRecordMark(version: 0, digest: nil)
        mark.removedAt = office.now
        mark.erasure = ProjectErasure(
            name: name, at: office.now, author: author, left: await office.registry.all.sorted())
        marks[project.text] = mark
        return try ProjectRecords.changes(marks, over: stored)
    }

    /// A node proves that the project was erased; the catalog is older than that, or new.
    ///
    /// - Returns: whether the catalog did not know.
    /// - Throws: `busy` and `checkFailed` as `erase`: what was begun since then is not cut off.
    func learn(_ project: ProjectID) async throws -> Bool {
        let known = try await records.storedMarks()?.value.value[project.text]
        guard known?.erasure == nil else { return false }
        let all = try await office.catalog.all(Project.self)
        if let stored = all.first(where: { $0.value.id == project }) {
            try await requireErasable(stored.value)
            try await forget(stored, author: "catalog rebuild")
        } else {
            try await office.ledger.commit(try await marking(project, name: nil, author: "catalog rebuild"))
        }
        return true
    }

    // MARK: what is left

    /// Has nodes that are here delete what they have, and deletes what the catalog has.
    ///
    /// - Returns: how many objects were deleted.
    @discardableResult
    func pursue() async throws -> Int {
        var deleted = 0
        for (id, mark) in try await records.storedMarks()?.value.value ?? [:] {
            guard let erasure = mark.erasure, !erasure.isDone, let project = ProjectID(id) else { continue }
            do {
                deleted += try await pursue(project, erasure)
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                office.logger.warning("Erasing project \(project) goes on later: \(error.message)")
            }
        }
        return deleted
    }

    private func pursue(_ project: ProjectID, _ erasure: ProjectErasure) async throws -> Int {
        let connected = Set(await office.nodes.connected())
        let members = Set(await office.registry.all)
        var done: Set<NodeID> = []
        var deleted = 0
        for node in erasure.left {
            // One that was removed is no member, and is told when it comes back with something.
            if !members.contains(node) {
                done.insert(node)
            } else if connected.contains(node), let objects = await erase(project, on: node) {
                done.insert(node)
                deleted += objects
            }
        }
        let isPurged = try await purge(project, erasure)
        if isPurged != erasure.isPurged || !done.isEmpty {
            try await note(project) { erasure in
                erasure.left.removeAll(where: done.contains)
                erasure.isPurged = erasure.isPurged || isPurged
            }
        }
        return deleted
    }

    /// A node has something again of what was erased, or may have.
    func add(_ node: NodeID, to project: ProjectID) async throws {
        try await note(project) { erasure in
            if !erasure.left.contains(node) { erasure.left.append(node) }
        }
    }

    private func note(_ project: ProjectID, _ change: (inout ProjectErasure) -> Void) async throws {
        try await office.retryingConflicts {
            guard let stored = try await records.storedMarks(),
                let erasure = stored.value.value[project.text]?.erasure
            else { return }
            var changed = erasure
            change(&changed)
            guard changed != erasure else { return }
            var marks = stored.value.value
            marks[project.text]?.erasure = changed
            try await office.ledger.commit(try ProjectRecords.changes(marks, over: stored))
        }
    }

    /// - Returns: how many objects the node deleted; nil where it could not do so now.
    private func erase(_ project: ProjectID, on node: NodeID) async -> Int? {
        do {
            let marker = try SealedProjectRecord(erasing: project, key: office.clusterKey, entropy: office.entropy)
            let message = EraseProject(order: records.order, project: project)
            return try await office.call(node, message, bulk: marker.bytes).reply.objects
        } catch {
            let name = await office.registry.text(of: node)
            office.logger.warning("Erasing project \(project) on node \(name): \(HoldfastError(error).message)")
            return nil
        }
    }

    /// - Returns: whether nothing is left in the catalog's files.
    private func purge(_ project: ProjectID, _ erasure: ProjectErasure) async throws -> Bool {
        guard !erasure.isPurged else { return true }
        if let name = erasure.name {
            try await delete(try await backups(of: project, name))
            // With the paths, tables and addresses that they name.
            for scope in [Download.Scope.live, .past] {
                let downloads = try await office.catalog.all(Download.self, scope: scope.rawValue)
                try await delete(downloads.filter { $0.value.project == project })
            }
        }
        do {
            try await office.catalog.purge()
            return true
        } catch let error as HoldfastError where error.code == .busy {
            return false
        }
    }

    private func delete(_ records: [Stored<some CatalogRecord>]) async throws {
        for start in stride(from: 0, to: records.count, by: Self.batch) {
            var changes = Changes()
            for stored in records[start..<min(start + Self.batch, records.count)] { changes.delete(stored) }
            try await office.ledger.commit(changes)
        }
    }

    private func backups(of project: Project) async throws -> [Stored<Backup>] {
        try await backups(of: project.id, project.name)
    }

    private func backups(of project: ProjectID, _ name: Name) async throws -> [Stored<Backup>] {
        try await office.catalog.all(Backup.self, group: name.text).filter { $0.value.project == project }
    }
}
