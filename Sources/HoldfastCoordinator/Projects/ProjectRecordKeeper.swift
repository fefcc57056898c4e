import HoldfastArchive
import HoldfastModel
import HoldfastWire
import Logging

/// Keeps each project's record on every node that the project's policy allows, so that the catalog can be lost.
package actor ProjectRecordKeeper {
    private let office: Office
    private var seen: (nodes: Set<NodeID>, versions: [ProjectID: UInt64], at: Timestamp)?
    private var told: Set<String> = []

    package init(office: Office) { self.office = office }

    private var records: ProjectRecords { ProjectRecords(office: office) }
    private var eraser: ProjectEraser { ProjectEraser(office: office) }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await office.time.sleep(for: office.configuration.recordLook)
            guard !Task.isCancelled else { return }
            // What nodes know is taken up first.
            guard await !office.adoption.isOpen else { continue }
            do {
                try await look()
            } catch {
                office.logger.error("Looking after the records of projects: \(HoldfastError(error))")
            }
        }
    }

    /// Compares what every node that is here has with what it is to have: when that changed, when nodes came, and again
    /// after a while.
    package func look() async throws {
        try await eraser.pursue()
        let nodes = Set(await office.nodes.connected()).intersection(await office.registry.all)
        let (current, removed, erased) = try await records.current()
        let versions = Dictionary(uniqueKeysWithValues: current.map { ($0.record.project.id, $0.version) })
        if let seen, nodes.isSubset(of: seen.nodes), versions == seen.versions,
            seen.at.duration(to: office.now) < office.configuration.recordInterval
        {
            return
        }
        var isDone = true
        for node in nodes.sorted() {
            isDone = try await attempt(on: node) { try await tend(node, current, removed, erased) } && isDone
        }
        // What failed is looked at again at once.
        seen = isDone ? (nodes, versions, office.now) : nil
    }

    /// - Returns: whether it went well; the others are not kept waiting by what did not.
    private func attempt(on node: NodeID, _ body: () async throws -> Bool) async throws -> Bool {
        do {
            return try await body()
        } catch let error as HoldfastError where error.code == .deposed || Task.isCancelled {
            throw error
        } catch is Obstacle {
            return false
        } catch {
            let name = await office.registry.text(of: node)
            office.logger.warning("Records of projects on node \(name): \(HoldfastError(error).message)")
            return false
        }
    }

    /// - Returns: whether all of it went well.
    private func tend(
        _ node: NodeID, _ current: [ProjectRecords.Current], _ removed: Set<ProjectID>, _ erased: Set<ProjectID>
    ) async throws -> Bool {
        guard let region = await office.registry.region(of: node),
            let there = try await records.versions(on: node)
        else { return true }
        var isDone = true
        for item in current {
            let version = there[item.record.project.id]
            isDone = try await attempt(on: node) { try await tend(node, region, item, version) } && isDone
        }
        // One that the catalog never knew stays: it may be all that is left of a project.
        for project in removed.intersection(there.keys).sorted() {
            guard let version = there[project], !SealedProjectRecord.isErased(version) else { continue }
            isDone =
                try await attempt(on: node) {
                    // Remembered, so that it is deleted to its end.
                    if erased.contains(project) {
                        try await eraser.add(node, to: project)
                    } else {
                        try await remove(project, from: node)
                    }
                    return true
                } && isDone
        }
        return isDone
    }

    private func tend(
        _ node: NodeID, _ region: Name, _ item: ProjectRecords.Current, _ version: UInt64?
    ) async throws -> Bool {
        let project = item.record.project
        if !project.policy.allows(region) {
            if version != nil { try await remove(project.id, from: node) }
        } else if let version, version > item.version {
            tell(ahead: project, node)
        } else if version != item.version {
            try await records.store(item, on: node)
        }
        return true
    }

    private func remove(_ project: ProjectID, from node: NodeID) async throws {
        _ = try await office.call(node, RemoveProject(order: records.order, project: project))
    }

    /// The catalog has gone back in time; what the node has is newer, and stays.
    private func tell(ahead project: Project, _ node: NodeID) {
        guard told.insert(project.id.text).inserted else { return }
        office.logger.error(
            """
            Node \(node) has a newer record of project \(project.name) than the catalog: the catalog has gone back in time. \
            Run `holdfast catalog rebuild` to take up what it lacks
            """)
    }
}
