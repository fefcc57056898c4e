package import HoldfastModel

/// Everything a person or program can ask of a cluster. Console, HTTP and pages translate to this and to nothing else.
package enum Command: Hashable, Codable, Sendable {
    case clusterStatus
    case nodeList
    case nodeToken(NodeToken)

    case projectCreate(ProjectCreate)
    case projectList
    case projectShow(Name)
    case projectRemove(Name)

    case environmentCreate(EnvironmentCreate)
    case environmentList(project: Name?)
    case environmentShow(EnvironmentReference)
    case environmentChange(EnvironmentChange)
    case environmentRemove(EnvironmentReference)
    case environmentCheck(EnvironmentReference)
    case serviceSet(ServiceSet)
    case serviceRemove(EnvironmentReference, ServiceReference)

    case backupCreate(BackupCreate)
    case backupList(BackupList)
    case backupShow(BackupID)
    case backupCancel(BackupID)
    case backupVerify(BackupID)
    case backupDelete(BackupID)

    case restorePlan(RestoreRequest)
    case restoreStart(RestoreRequest)
    case restoreShow(JobID)
    case restoreList(EnvironmentReference?)
    case restoreCancel(JobID)
    case restoreUndo(UndoRequest)
    case restoreResume(JobID)

    case jobList(all: Bool)
    case jobShow(JobID)
    /// Streams progress until the job ends, or reaches the undo window.
    case jobWatch(JobID)
}

package struct NodeToken: Hashable, Codable, Sendable {
    package var validSeconds: Int

    package init(validSeconds: Int = 24 * 60 * 60) { self.validSeconds = validSeconds }
}

package struct ProjectCreate: Hashable, Codable, Sendable {
    package var name: Name
    package var copies: Int
    package var regions: Int
    package var allowedRegions: [Name]?

    package init(name: Name, copies: Int = 1, regions: Int = 1, allowedRegions: [Name]? = nil) {
        self.name = name
        self.copies = copies
        self.regions = regions
        self.allowedRegions = allowedRegions
    }
}

package struct EnvironmentCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// The name of the node whose worker reaches the services.
    package var node: Name?
    package var undoWindowSeconds: Int?

    package init(environment: EnvironmentReference, node: Name? = nil, undoWindowSeconds: Int? = nil) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
    }
}

package struct EnvironmentChange: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var node: Name?
    package var undoWindowSeconds: Int?

    package init(environment: EnvironmentReference, node: Name? = nil, undoWindowSeconds: Int? = nil) {
        self.environment = environment
        self.node = node
        self.undoWindowSeconds = undoWindowSeconds
    }
}

/// Adds a service to an environment, or changes where it is.
package struct ServiceSet: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var service: ServiceReference
    package var location: Location

    package enum Location: Hashable, Codable, Sendable {
        /// A connection string or URI; parsed by the coordinator, its password sealed at once.
        case database(url: Secret)
        case media(path: String)
    }

    package init(environment: EnvironmentReference, service: ServiceReference, location: Location) {
        self.environment = environment
        self.service = service
        self.location = location
    }
}

package struct BackupCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// Empty means all of the environment's.
    package var services: [ServiceSelector]
    package var note: String?
    /// Distrust what says that a file is unchanged since the last backup, and read it.
    package var fullRead: Bool
    /// Follow the job and end with its result; otherwise answer as soon as it is accepted.
    package var wait: Bool

    package init(
        environment: EnvironmentReference, services: [ServiceSelector] = [], note: String? = nil,
        fullRead: Bool = false, wait: Bool = true
    ) {
        self.environment = environment
        self.services = services
        self.note = note
        self.fullRead = fullRead
        self.wait = wait
    }
}

/// All services of a kind, or one of them.
package enum ServiceSelector: Hashable, Codable, Sendable {
    case kind(ServiceKind)
    case service(ServiceReference)

    package func selects(_ service: ServiceReference) -> Bool {
        switch self {
        case .kind(let kind): service.kind == kind
        case .service(let one): service == one
        }
    }
}

package struct BackupList: Hashable, Codable, Sendable {
    package var project: Name?
    package var environment: EnvironmentReference?
    package var trigger: Backup.Trigger?
    package var includeDeleted: Bool
    package var limit: Int

    package init(
        project: Name? = nil, environment: EnvironmentReference? = nil, trigger: Backup.Trigger? = nil,
        includeDeleted: Bool = false, limit: Int = 50
    ) {
        self.project = project
        self.environment = environment
        self.trigger = trigger
        self.includeDeleted = includeDeleted
        self.limit = limit
    }
}

package struct RestoreRequest: Hashable, Codable, Sendable {
    package var backup: BackupID
    package var destination: EnvironmentReference
    /// Empty means all parts of the backup.
    package var services: [ServiceSelector]
    /// Parts that go to a service of another name.
    package var mappings: [RestorePlan.Mapping]
    package var withoutSafety: Bool
    package var wait: Bool

    package init(
        backup: BackupID, destination: EnvironmentReference, services: [ServiceSelector] = [],
        mappings: [RestorePlan.Mapping] = [], withoutSafety: Bool = false, wait: Bool = true
    ) {
        self.backup = backup
        self.destination = destination
        self.services = services
        self.mappings = mappings
        self.withoutSafety = withoutSafety
        self.wait = wait
    }
}

package struct UndoRequest: Hashable, Codable, Sendable {
    package var restore: JobID
    /// An undo overwrites, too, so it takes a safety backup unless a person asked to go without.
    package var withoutSafety: Bool
    package var wait: Bool

    package init(restore: JobID, withoutSafety: Bool = false, wait: Bool = true) {
        self.restore = restore
        self.withoutSafety = withoutSafety
        self.wait = wait
    }
}
