import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire

/// What the catalog has to say of each project to the nodes that keep its record.
struct ProjectRecords {
    typealias Marks = [String: ProjectRecordMark]

    struct Current {
        var record: ProjectRecord
        var version: UInt64
    }

    let office: Office

    /// Each project's record as it is now, under a version of its own, which is in the catalog before any node gets it; and
    /// the projects that were removed, and those of them that were erased.
    func current() async throws -> (records: [Current], removed: Set<ProjectID>, erased: Set<ProjectID>) {
        // Marks first: who adds a project writes both in one transaction, and one that is seen only here was removed.
        let stored = try await storedMarks()
        var marks = stored?.value.value ?? [:]
        let projects = try await office.catalog.all(Project.self).map(\.value)
        var current: [Current] = []
        for project in projects {
            current.append(try await number(project, in: &marks))
        }
        let known = Set(projects.map(\.id.text))
        for id in marks.keys.sorted() where !known.contains(id) && marks[id]?.removedAt == nil {
            marks[id]?.removedAt = office.now
        }
        if marks != stored?.value.value ?? [:] { try await office.ledger.commit(try Self.changes(marks, over: stored)) }
        let removed = marks.filter { $0.value.removedAt != nil }.compactMap { ProjectID($0.key) }
        return (current, Set(removed), Set(removed.filter { marks[$0.text]?.erasure != nil }))
    }

    /// The same of one project.
    func current(of project: Project) async throws -> Current {
        let stored = try await storedMarks()
        var marks = stored?.value.value ?? [:]
        let current = try await number(project, in: &marks)
        if marks != stored?.value.value ?? [:] { try await office.ledger.commit(try Self.changes(marks, over: stored)) }
        return current
    }

    private func number(_ project: Project, in marks: inout Marks) async throws -> Current {
        let record = try await record(of: project)
        let digest = try SealedProjectRecord.digest(of: record)
        let mark = marks[project.id.text]
        let isSame = mark?.digest == digest && mark?.removedAt == nil
        let version = isSame ? mark?.version ?? 1 : (mark?.version ?? 0) + 1
        marks[project.id.text] = ProjectRecordMark(version: version, digest: digest)
        return Current(record: record, version: version)
    }

    func record(of project: Project) async throws -> ProjectRecord {
        let environments = try await office.catalog.all(Environment.self, scope: project.name.text).map(\.value)
        let schedules = try await office.catalog.all(Schedule.self, group: project.name.text).map(\.value)
        return ProjectRecord(
            project: project, environments: environments,
            schedules: schedules.filter { $0.project == project.id })
    }

    func storedMarks() async throws -> Stored<Setting<Marks>>? {
        try await office.catalog.get(Setting<Marks>.self, .projectRecords)
    }

    static func changes(_ marks: Marks, over stored: Stored<Setting<Marks>>?) throws -> Changes {
        var changes = Changes()
        let setting = Setting(.projectRecords, marks)
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }

    // MARK: nodes

    /// What a node has, by project. None for a node that is too old to keep any.
    func versions(on node: NodeID) async throws -> [ProjectID: UInt64]? {
        let answer: (reply: ListProjects.Reply, received: [UInt8])
        do {
            answer = try await office.call(node, ListProjects(), bulk: [])
        } catch let error as HoldfastError where error.code == .unsupported {
            return nil
        }
        let size = ListProjects.recordByteCount
        guard answer.received.count == answer.reply.count * size else {
            throw HoldfastError(
                .malformed, "Node \(node) said that it has \(answer.reply.count) projects, and named others")
        }
        var versions: [ProjectID: UInt64] = [:]
        for start in stride(from: 0, to: answer.received.count, by: size) {
            let record = answer.received[start..<start + size]
            guard let project = ProjectID(String(decoding: record.prefix(ID<Project>.length), as: UTF8.self)) else {
                throw HoldfastError(.malformed, "Node \(node) named a project by what is no identifier")
            }
            versions[project] = record.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        return versions
    }

    /// - Returns: the version that the node has now.
    @discardableResult
    func store(_ item: Current, on node: NodeID) async throws -> UInt64 {
        let sealed = try SealedProjectRecord(
            item.record, version: item.version, key: office.clusterKey, entropy: office.entropy)
        let message = StoreProject(order: order, project: item.record.project.id)
        return try await office.call(node, message, bulk: sealed.bytes).reply.version
    }

    /// No job stands behind it: the order's epoch is what counts.
    var order: Order { office.order(for: office.identifier()) }
}
