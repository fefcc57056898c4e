package import HoldfastModel

/// What a command answers. The JSON of a result is what scripts read: keys are added, never renamed.
package enum CommandResult: Codable, Hashable, Sendable {
    case clusterStatus(ClusterStatus)
    case nodes([NodeStatus])
    case token(JoinTokenResult)
    case projects([ProjectSummary])
    case project(ProjectDetail)
    case environments([EnvironmentDetail])
    case environment(EnvironmentDetail)
    case check(EnvironmentReference, CheckReport)
    case backups([Backup])
    case backup(BackupDetail)
    case restorePlan(RestorePlanResult)
    case restores([RestoreDetail])
    case restore(RestoreDetail)
    case verified(BackupID, VerifyReport)
    case jobs([JobSummary])
    case job(JobDetail)
    /// The job was accepted and goes on by itself.
    case accepted(Accepted)
    /// One sentence of what was done.
    case done(String)
}

package struct ClusterStatus: Codable, Hashable, Sendable {
    package var softwareVersion: String
    package var epoch: Epoch
    package var leaderSince: Timestamp
    package var now: Timestamp
    package var nodes: [NodeStatus]
    package var projects: Int
    package var openJobs: Int
    /// Jobs that wait for a person.
    package var needingAttention: [JobSummary]

    package init(
        softwareVersion: String, epoch: Epoch, leaderSince: Timestamp, now: Timestamp, nodes: [NodeStatus],
        projects: Int, openJobs: Int, needingAttention: [JobSummary]
    ) {
        self.softwareVersion = softwareVersion
        self.epoch = epoch
        self.leaderSince = leaderSince
        self.now = now
        self.nodes = nodes
        self.projects = projects
        self.openJobs = openJobs
        self.needingAttention = needingAttention
    }
}

package struct NodeStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        case up, suspect, down
    }

    package var id: NodeID
    package var name: Name
    package var region: Name
    package var address: String?
    package var state: State
    package var lastSeen: Timestamp?
    package var capacityBytes: Int64?
    package var freeBytes: Int64?
    package var objects: Int64?
    package var storedBytes: Int64?
    package var takesWrites: Bool?

    package init(
        id: NodeID, name: Name, region: Name, address: String?, state: State, lastSeen: Timestamp? = nil,
        capacityBytes: Int64? = nil, freeBytes: Int64? = nil, objects: Int64? = nil, storedBytes: Int64? = nil,
        takesWrites: Bool? = nil
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.address = address
        self.state = state
        self.lastSeen = lastSeen
        self.capacityBytes = capacityBytes
        self.freeBytes = freeBytes
        self.objects = objects
        self.storedBytes = storedBytes
        self.takesWrites = takesWrites
    }
}

package struct JoinTokenResult: Codable, Hashable, Sendable {
    package var token: Secret
    package var expires: Timestamp

    package init(token: Secret, expires: Timestamp) {
        self.token = token
        self.expires = expires
    }
}

package struct ProjectSummary: Codable, Hashable, Sendable {
    package var name: Name
    package var environments: [Name]
    package var backups: Int
    package var lastBackup: Timestamp?

    package init(name: Name, environments: [Name], backups: Int, lastBackup: Timestamp?) {
        self.name = name
        self.environments = environments
        self.backups = backups
        self.lastBackup = lastBackup
    }
}

package struct ProjectDetail: Codable, Hashable, Sendable {
    package var id: ProjectID
    package var name: Name
    package var createdAt: Timestamp
    package var policy: PlacementPolicy
    package var environments: [EnvironmentDetail]

    package init(
        id: ProjectID, name: Name, createdAt: Timestamp, policy: PlacementPolicy, environments: [EnvironmentDetail]
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.policy = policy
        self.environments = environments
    }
}

package struct EnvironmentDetail: Codable, Hashable, Sendable {
    package var environment: EnvironmentReference
    package var node: Name?
    package var undoWindowSeconds: Int
    package var services: [ServiceDetail]
    package var lastBackup: Backup?

    package init(
        environment: EnvironmentReference, node: Name?, undoWindowSeconds: Int, services: [ServiceDetail],
        lastBackup: Backup?
    ) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
        self.services = services
        self.lastBackup = lastBackup
    }
}

package struct ServiceDetail: Codable, Hashable, Sendable {
    package var service: ServiceReference
    /// `postgresql://shop@db/shop` or a path; never a password.
    package var location: String

    package init(service: ServiceReference, location: String) {
        self.service = service
        self.location = location
    }
}

package struct BackupDetail: Codable, Hashable, Sendable {
    package var backup: Backup
    package var nodeNames: [NodeID: Name]
    package var restores: [RestoreDetail]

    package init(backup: Backup, nodeNames: [NodeID: Name], restores: [RestoreDetail]) {
        self.backup = backup
        self.nodeNames = nodeNames
        self.restores = restores
    }
}

/// What a restore would do, before it does anything.
package struct RestorePlanResult: Codable, Hashable, Sendable {
    package var backup: Backup
    package var destination: EnvironmentReference
    package var mappings: [RestorePlan.Mapping]
    package var willBeOverwritten: [ServiceDetail]
    package var takesSafetyBackup: Bool
    package var undoWindowSeconds: Int
    package var report: CheckReport

    package init(
        backup: Backup, destination: EnvironmentReference, mappings: [RestorePlan.Mapping],
        willBeOverwritten: [ServiceDetail], takesSafetyBackup: Bool, undoWindowSeconds: Int, report: CheckReport
    ) {
        self.backup = backup
        self.destination = destination
        self.mappings = mappings
        self.willBeOverwritten = willBeOverwritten
        self.takesSafetyBackup = takesSafetyBackup
        self.undoWindowSeconds = undoWindowSeconds
        self.report = report
    }
}

package struct RestoreDetail: Codable, Hashable, Sendable {
    package var job: JobID
    package var source: RestorePlan.Source
    package var destination: EnvironmentReference
    package var mappings: [RestorePlan.Mapping]
    package var status: Job.Status
    package var step: RestoreSaga.Step
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var safetyBackup: BackupID?
    package var undoUntil: Timestamp?
    package var undoneBy: JobID?
    package var waitingFor: String?
    package var attention: Attention?
    package var failure: HoldfastError?
    /// What was left out or could not be made as it was.
    package var warnings: Warnings

    package init(
        job: JobID, source: RestorePlan.Source, destination: EnvironmentReference, mappings: [RestorePlan.Mapping],
        status: Job.Status, step: RestoreSaga.Step, author: String, createdAt: Timestamp, endedAt: Timestamp? = nil,
        safetyBackup: BackupID? = nil, undoUntil: Timestamp? = nil, undoneBy: JobID? = nil, waitingFor: String? = nil,
        attention: Attention? = nil, failure: HoldfastError? = nil, warnings: Warnings = Warnings()
    ) {
        self.job = job
        self.source = source
        self.destination = destination
        self.mappings = mappings
        self.status = status
        self.step = step
        self.author = author
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.safetyBackup = safetyBackup
        self.undoUntil = undoUntil
        self.undoneBy = undoneBy
        self.waitingFor = waitingFor
        self.attention = attention
        self.failure = failure
        self.warnings = warnings
    }
}

package struct JobSummary: Codable, Hashable, Sendable {
    package var id: JobID
    package var kind: Job.Kind
    package var environment: EnvironmentReference
    package var status: Job.Status
    package var step: String
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var waitingFor: String?
    package var attention: Attention?
    package var progress: Progress?

    package init(
        id: JobID, kind: Job.Kind, environment: EnvironmentReference, status: Job.Status, step: String, author: String,
        createdAt: Timestamp, endedAt: Timestamp? = nil, waitingFor: String? = nil, attention: Attention? = nil,
        progress: Progress? = nil
    ) {
        self.id = id
        self.kind = kind
        self.environment = environment
        self.status = status
        self.step = step
        self.author = author
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.waitingFor = waitingFor
        self.attention = attention
        self.progress = progress
    }
}

package struct JobDetail: Codable, Hashable, Sendable {
    package var summary: JobSummary
    package var journal: [JournalLine]

    package init(summary: JobSummary, journal: [JournalLine]) {
        self.summary = summary
        self.journal = journal
    }
}

package struct JournalLine: Codable, Hashable, Sendable {
    package var number: Int64
    package var at: Timestamp
    /// What was about to be done, or what came of it.
    package var text: String

    package init(number: Int64, at: Timestamp, text: String) {
        self.number = number
        self.at = at
        self.text = text
    }
}

package struct Accepted: Codable, Hashable, Sendable {
    package var job: JobID
    package var backup: BackupID?

    package init(job: JobID, backup: BackupID? = nil) {
        self.job = job
        self.backup = backup
    }
}
