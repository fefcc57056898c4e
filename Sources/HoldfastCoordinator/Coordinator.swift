package import HoldfastArchive
package import HoldfastCatalog
import HoldfastCommands
package import HoldfastModel
package import HoldfastWire
package import Logging

/// The leader of a cluster during one term of office.
package struct Coordinator: Sendable {
    /// What a coordinator is built from.
    package struct Parts: Sendable {
        package var catalog: any Catalog
        package var nodes: any ConnectedNodes
        package var time: any TimeSource
        package var entropy: any Entropy
        package var clusterKey: ClusterKey
        package var authority: ClusterCA
        package var configuration: CoordinatorConfiguration
        /// Reads a connection string; throws where it says more than is allowed.
        package var parseConnection: ConnectionParser
        /// Nil where no mail server is set.
        package var mail: (any MailTransport)?
        /// Nil where no webhooks are sent.
        package var webhooks: (any WebhookTransport)?
        package var logger: Logger
        package var zones: ZoneLookup = ZoneRules.system

        package init(
            catalog: any Catalog, nodes: any ConnectedNodes, time: any TimeSource, entropy: any Entropy,
            clusterKey: ClusterKey, authority: ClusterCA, configuration: CoordinatorConfiguration,
            parseConnection: @escaping ConnectionParser, mail: (any MailTransport)? = nil,
            webhooks: (any WebhookTransport)? = nil, logger: Logger
        ) {
            self.catalog = catalog
            self.nodes = nodes
            self.time = time
            self.entropy = entropy
            self.clusterKey = clusterKey
            self.authority = authority
            self.configuration = configuration
            self.parseConnection = parseConnection
            self.mail = mail
            self.webhooks = webhooks
            self.logger = logger
        }
    }

    package typealias ConnectionParser = @Sendable (String) throws -> (DatabaseAddress, Secret?)

    package let office: Office
    package let admission: NodeAdmission
    package let commands: CoordinatorCommands
    /// How people get in with a browser.
    package let accounts: Accounts
    private let mail: Outbox<OutgoingMail>?
    private let webhooks: Outbox<WebhookDelivery>?
    package var scheduler: Scheduler { Scheduler(office: office) }
    package var notices: NoticeKeeper { NoticeKeeper(office: office) }
    package var retention: RetentionKeeper { RetentionKeeper(office: office) }
    /// What serves the links of downloads.
    package let downloads: DownloadDesk

    /// Takes office, and takes up the jobs that were left open; they go on once `run` does.
    ///
    /// - Parameter above: the highest epoch that any node knows of.
    package static func start(_ parts: Parts, above: Epoch = Epoch(0)) async throws -> Coordinator {
        let epoch = try await parts.catalog.takeOffice(above: above)
        let supervisor = Supervisor()
        let registry = NodeRegistry(time: parts.time, configuration: parts.configuration)
        let office = Office(
            ledger: Ledger(catalog: parts.catalog, epoch: epoch, onDeposed: supervisor.stop), nodes: parts.nodes,
            registry: registry,
            environments: Environments(catalog: parts.catalog),
            projects: Projects(catalog: parts.catalog, clusterKey: parts.clusterKey), supervisor: supervisor,
            feeds: JobFeeds(), jobs: RunningJobs(),
            places: JobPlaces(limits: parts.configuration.limits, nodes: parts.nodes, registry: registry),
            webhooks: parts.webhooks, sendsMail: parts.mail != nil,
            retentionState: try await RetentionState(parts.catalog, parts.time),
            passwords: PasswordWork(
                cost: parts.configuration.passwordCost, limits: parts.configuration.passwordLimits,
                entropy: parts.entropy), time: parts.time,
            clock: SteadyClock(parts.time), entropy: parts.entropy, clusterKey: parts.clusterKey, zones: parts.zones,
            configuration: parts.configuration, leaderSince: parts.time.now, logger: parts.logger)
        try await KeyCheck(ledger: office.ledger, clusterKey: parts.clusterKey, entropy: parts.entropy).run()
        try await office.registry.load(from: parts.catalog)
        try await office.resumeJobs()
        parts.logger.info("Leads the cluster in epoch \(epoch)")
        return Coordinator(office: office, parts: parts)
    }

    private init(office: Office, parts: Parts) {
        self.office = office
        admission = NodeAdmission(office: office, authority: parts.authority)
        let links = DownloadLinks(clusterKey: parts.clusterKey, publicURL: parts.configuration.publicURL)
        let invitations = InvitationLinks(clusterKey: parts.clusterKey, publicURL: parts.configuration.publicURL)
        let writer = MailWriter(office: office, links: links, invitations: invitations)
        mail = parts.mail.map { .mail(office, $0, writer) }
        webhooks = parts.webhooks.map { .webhooks(office, $0) }
        accounts = Accounts(office: office, links: invitations)
        commands = CoordinatorCommands(
            office: office, admission: admission, parseConnection: parts.parseConnection, links: links,
            accounts: accounts, messages: MessageRates(time: parts.time))
        downloads = DownloadDesk(office: office, links: links)
    }

    /// Leads until the task is cancelled; open jobs then stay in the catalog for the next coordinator.
    ///
    /// - Throws: `deposed` when another coordinator has taken office.
    package func run() async throws {
        office.supervisor.start { [places = office.places] in await places.watch() }
        office.supervisor.start { await KeyRewrap(office: office).run() }
        office.supervisor.start { await Janitor(office: office).run() }
        if let mail { office.supervisor.start { await mail.run() } }
        if let webhooks { office.supervisor.start { await webhooks.run() } }
        office.supervisor.start { await notices.run() }
        office.supervisor.start { await scheduler.run() }
        office.supervisor.start { await retention.run() }
        office.supervisor.start { await retention.watchTheClock() }
        office.supervisor.start { await CollectionKeeper(office: office).run() }
        office.supervisor.start { await RepairKeeper(office: office).run() }
        office.supervisor.start { await ProjectRecordKeeper(office: office).run() }
        await office.supervisor.run()
        await office.feeds.shutDown()
        try office.ledger.requireOffice()
    }
}
