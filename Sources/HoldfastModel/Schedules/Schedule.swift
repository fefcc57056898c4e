/// When an environment is backed up by itself, and how its last runs went.
package struct Schedule: Hashable, Codable, Sendable {
    package var version = 1
    package var environment: EnvironmentReference
    package var project: ProjectID
    package var author: String
    package var createdAt: Timestamp
    package var timing: ScheduleTiming
    /// The time zone's name, such as `Europe/Zurich`.
    package var zone: String
    /// What is backed up: services of these kinds and these services; all where both are empty.
    package var kinds: [ServiceKind]
    package var services: [ServiceReference]
    /// Each environment begins at its own, fixed time within so many seconds after each run is due.
    package var jitterSeconds: Int
    package var pausedAt: Timestamp?
    /// The run that comes next; nil while paused.
    package var next: Run?
    package var last: LastRun?
    /// The last time that runs were missed.
    package var missed: MissedRuns?
    /// The last time that a run was passed over, and why.
    package var skipped: SkippedRun?

    package struct Run: Hashable, Codable, Sendable {
        /// When the timing says, before the jitter.
        package var dueAt: Timestamp
        package var startsAt: Timestamp

        package init(dueAt: Timestamp, startsAt: Timestamp) {
            self.dueAt = dueAt
            self.startsAt = startsAt
        }
    }

    package struct LastRun: Hashable, Codable, Sendable {
        package var dueAt: Timestamp
        package var startedAt: Timestamp
        package var backup: BackupID
        package var job: JobID

        package init(dueAt: Timestamp, startedAt: Timestamp, backup: BackupID, job: JobID) {
            self.dueAt = dueAt
            self.startedAt = startedAt
            self.backup = backup
            self.job = job
        }
    }

    /// Runs that were due while no coordinator led; one backup made up for all of them.
    package struct MissedRuns: Hashable, Codable, Sendable {
        /// At most `countLimit`; there may have been more.
        package var count: Int
        package var firstDueAt: Timestamp
        package var lastDueAt: Timestamp
        package var noticedAt: Timestamp

        package static let countLimit = 1000

        package init(count: Int, firstDueAt: Timestamp, lastDueAt: Timestamp, noticedAt: Timestamp) {
            self.count = count
            self.firstDueAt = firstDueAt
            self.lastDueAt = lastDueAt
            self.noticedAt = noticedAt
        }
    }

    package struct SkippedRun: Hashable, Codable, Sendable {
        package var dueAt: Timestamp
        package var reason: String

        package init(dueAt: Timestamp, reason: String) {
            self.dueAt = dueAt
            self.reason = reason
        }
    }

    package init(
        environment: EnvironmentReference, project: ProjectID, author: String, createdAt: Timestamp,
        timing: ScheduleTiming, zone: String, kinds: [ServiceKind] = [], services: [ServiceReference] = [],
        jitterSeconds: Int
    ) {
        self.environment = environment
        self.project = project
        self.author = author
        self.createdAt = createdAt
        self.timing = timing
        self.zone = zone
        self.kinds = kinds
        self.services = services
        self.jitterSeconds = jitterSeconds
    }

    /// Those of an environment's services that this backs up.
    package func choose(from all: [ServiceReference]) -> [ServiceReference] {
        kinds.isEmpty && services.isEmpty ? all : all.filter { kinds.contains($0.kind) || services.contains($0) }
    }
}
