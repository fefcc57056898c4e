package import HoldfastArchive
package import HoldfastCatalog
package import HoldfastModel
package import Logging

/// What the leader works with during one term of office.
package struct Office: Sendable {
    package let ledger: Ledger
    package let nodes: any ConnectedNodes
    package let registry: NodeRegistry
    package let environments: Environments
    package let physical = PhysicalAccess()
    package let projects: Projects
    package let securedKeys = SecuredKeys()
    package let supervisor: Supervisor
    package let feeds: JobFeeds
    package let jobs: RunningJobs
    package let places: JobPlaces
    package let mailroom = Mailroom()
    package let webhookRoom = Mailroom()
    /// Nil where no webhooks are sent.
    package let webhooks: (any WebhookTransport)?
    /// Whether a mail server is set.
    package let sendsMail: Bool
    package let adoption = Adoption()
    package let reviews = ReviewRequests()
    package let retentionState: RetentionState
    package let passwords: PasswordWork
    package let time: any TimeSource
    package let clock: SteadyClock
    package let entropy: any Entropy
    package let clusterKey: ClusterKey
    package let zones: ZoneLookup
    package let configuration: CoordinatorConfiguration
    package let leaderSince: Timestamp
    package let logger: Logger

    package var catalog: any Catalog { ledger.catalog }
    package var now: Timestamp { time.now }

    func identifier<Of>(_: Of.Type = Of.self) -> ID<Of> { ID(at: now, entropy: entropy) }
}
