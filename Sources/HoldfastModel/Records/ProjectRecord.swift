/// What a project's nodes keep of it for a cluster that has lost its catalog: all that its backups don't say themselves.
package struct ProjectRecord: Hashable, Codable, Sendable {
    package var version = 1
    package var project: Project
    package var environments: [Environment]
    /// Without their runs: when the next one is, is planned anew.
    package var schedules: [Schedule]

    package init(project: Project, environments: [Environment], schedules: [Schedule]) {
        self.project = project
        self.environments = environments.sorted { $0.reference < $1.reference }
        self.schedules = schedules.map(\.withoutRuns).sorted { $0.environment < $1.environment }
    }

    /// What in it is not the project's own; nil for nothing.
    package var fault: String? {
        let name = project.name
        let names = environments.map(\.reference) + schedules.map(\.environment)
        if let other = names.first(where: { $0.project != name }) { return "it speaks of \(other)" }
        guard schedules.allSatisfy({ $0.project == project.id }) else { return "a schedule is another project's" }
        return nil
    }
}

extension Schedule {
    fileprivate var withoutRuns: Schedule {
        var schedule = self
        (schedule.next, schedule.last, schedule.missed, schedule.skipped) = (nil, nil, nil, nil)
        return schedule
    }
}

/// What the catalog remembers of a project's record: which version of it the nodes are to have.
package struct ProjectRecordMark: Hashable, Codable, Sendable {
    package var version: UInt64
    /// Of the content that has this version; nil where it isn't known, so that the next one is stored in any case.
    package var digest: String?
    /// The project was removed: nodes that come back with its record lose it.
    package var removedAt: Timestamp?
    /// The project was erased, not only removed.
    package var erasure: ProjectErasure?

    package init(version: UInt64, digest: String?, removedAt: Timestamp? = nil) {
        self.version = version
        self.digest = digest
        self.removedAt = removedAt
    }
}
