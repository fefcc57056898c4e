import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Logging
import Synchronization
import Testing

/// A cluster of a coordinator, a catalog in memory and a node that isn't there, with the project `shop` and its
/// environments `live` and `test`, each with a database and a media tree.
struct Cluster: Sendable {
    static let services = ["database", "media"]

    let catalog = MemoryCatalog()
    let time = ManualTime()
    let entropy: SeededEntropy
    let clusterKey: ClusterKey
    let authority: ClusterCA
    let nodes: FakeNodes
    let node: NodeID
    let live: EnvironmentReference
    let test: EnvironmentReference
    let admin = Principal(name: "admin", isAdministrator: true)

    init(seed: UInt64 = 1) async throws {
        entropy = SeededEntropy(seed: seed)
        clusterKey = ClusterKey(generatedFrom: entropy)
        authority = try ClusterCA(cluster: "test", now: time.now)
        node = NodeID(at: time.now, entropy: entropy)
        let region = try Name("home")
        nodes = FakeNodes(node: node, region: region)
        live = try EnvironmentReference("shop/live")
        test = try EnvironmentReference("shop/test")

        // The node is a member, without the ceremony of joining.
        let epoch = try await catalog.takeOffice(above: Epoch(0))
        let member = Node(
            id: node, name: try Name("one"), region: region, address: "localhost:1", weight: 1, joinedAt: time.now)
        let layout = Layout(
            number: 1, members: [Layout.Member(node: node, region: region, weight: 1, address: "localhost:1")])
        try await catalog.commit(
            Transaction(epoch: epoch, writes: [.put(member), .put(Setting(.layout, layout))]))

        let cluster = self
        try await lead { coordinator in
            _ = try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: cluster.live.project)))
            for environment in [cluster.live, cluster.test] {
                try await cluster.makeEnvironment(coordinator, environment)
            }
        }
        for environment in [live, test] {
            for place in places(of: environment) { await nodes.set(place, "\(environment)") }
        }
    }

    func makeEnvironment(_ coordinator: Coordinator, _ environment: EnvironmentReference) async throws {
        _ = try await perform(
            coordinator,
            .environmentCreate(
                EnvironmentCreate(
                    environment: environment, node: try Name("one"), schedule: environment == live ? .daily : nil)))
        let url = Secret("\(environment.environment)")
        _ = try await perform(
            coordinator,
            .serviceSet(
                ServiceSet(
                    environment: environment, service: ServiceReference(.database), location: .database(url: url))))
        _ = try await perform(
            coordinator,
            .serviceSet(
                ServiceSet(
                    environment: environment, service: ServiceReference(.media),
                    location: .media(path: "/media/\(environment)"))))
    }

    func places(of environment: EnvironmentReference) -> [String] {
        ["postgresql://shop@\(environment.environment):5432/shop", "/media/\(environment)"]
    }

    // MARK: leading

    var parts: Coordinator.Parts {
        var configuration = CoordinatorConfiguration(softwareVersion: "test")
        // Tests look after the windows themselves.
        configuration.janitorPause = .seconds(1_000_000_000)
        // And after schedules, retention, collections, repairs and what else begins by itself: a clock that a test moves by
        // days would set them to work beside it.
        configuration.schedulePause = configuration.janitorPause
        configuration.retentionPause = configuration.janitorPause
        configuration.noticePause = configuration.janitorPause
        configuration.collectionLook = configuration.janitorPause
        configuration.repairLook = configuration.janitorPause
        configuration.recordLook = configuration.janitorPause
        configuration.publicURL = "https://backup.example.org"
        configuration.passwordCost = ScryptCost(rounds: 16, blockSize: 8, parallelism: 1)
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        return Coordinator.Parts(
            catalog: catalog, nodes: nodes, time: time, entropy: entropy, clusterKey: clusterKey,
            authority: authority, configuration: configuration,
            parseConnection: { text in
                guard !text.contains("bad") else { throw HoldfastError(.invalidArgument, "not a connection string") }
                let address = DatabaseAddress(host: text, port: 5432, database: "shop", user: "shop", sslMode: "prefer")
                return (address, Secret("swordfish"))
            }, logger: logger)
    }

    /// Has a coordinator lead while `body` runs, with a clock that moves on whenever somebody waits for it.
    @discardableResult
    func lead<Value: Sendable>(
        mail: (any MailTransport)? = nil, webhooks: (any WebhookTransport)? = nil,
        publicURL: String? = "https://backup.example.org", clusterKey: ClusterKey? = nil,
        configure: (inout CoordinatorConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Coordinator) async throws -> Value
    ) async throws -> Value {
        var parts = parts
        parts.mail = mail
        parts.clusterKey = clusterKey ?? parts.clusterKey
        parts.webhooks = webhooks
        parts.configuration.publicURL = publicURL
        configure(&parts.configuration)
        let coordinator = try await Coordinator.start(parts)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                do {
                    try await coordinator.run()
                } catch let error as HoldfastError where error.code == .deposed {}
                return nil
            }
            group.addTask {
                while !Task.isCancelled {
                    await Self.letOthersWork()
                    time.advanceToNextSleeper(within: .seconds(120))
                }
                return nil
            }
            group.addTask { try await body(coordinator) }
            var result: Value?
            for try await value in group {
                guard let value else { continue }
                result = value
                group.cancelAll()
            }
            return try #require(result)
        }
    }

    // MARK: commands

    @discardableResult
    func perform(
        _ coordinator: Coordinator, _ command: Command, as principal: Principal? = nil, events: Events? = nil
    ) async throws -> CommandResult {
        try await coordinator.commands.perform(command, as: principal ?? admin) { event in events?.add(event) }
    }

    func backUp(_ coordinator: Coordinator, _ environment: EnvironmentReference) async throws -> Backup {
        guard
            case .backup(let detail) = try await perform(
                coordinator, .backupCreate(BackupCreate(environment: environment)))
        else { throw HoldfastError(.internal, "no backup") }
        return detail.backup
    }

    func restore(
        _ coordinator: Coordinator, _ backup: BackupID, into environment: EnvironmentReference,
        withoutSafety: Bool = false
    ) async throws -> RestoreDetail {
        let request = RestoreRequest(backup: backup, destination: environment, withoutSafety: withoutSafety)
        guard case .restore(let detail) = try await perform(coordinator, .restoreStart(request)) else {
            throw HoldfastError(.internal, "no restore")
        }
        return detail
    }

    func job(_ id: JobID) async throws -> Job { try #require(try await catalog.get(Job.self, id)).value }

    func jobs() async throws -> [Job] { try await catalog.all(Job.self).map(\.value) }

    func saga(_ id: JobID) async throws -> RestoreSaga { try #require(RestoreSaga(try await job(id).machine)) }

    func contents(of environment: EnvironmentReference) async -> [String?] {
        let content = await nodes.content
        return places(of: environment).map { content[$0] }
    }

    /// Waits, by looking again and again, until something is so.
    func until(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw HoldfastError(.timedOut, "It never came to: \(what)") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Also tests of other suites, which wait for deadlines: who looks again and again takes no core for itself.
    private static func letOthersWork() async {
        for _ in 0..<20 { await Task.yield() }
        try? await Task.sleep(for: .microseconds(200))
    }

    /// The node is back a while after it was lost, however often.
    func keepConnecting() async {
        while !Task.isCancelled {
            await Self.letOthersWork()
            if await nodes.connected().isEmpty { await nodes.connect() }
        }
    }
}

/// What a command told on the way.
final class Events: Sendable {
    private let events = Mutex<[CommandEvent]>([])

    func add(_ event: CommandEvent) { events.withLock { $0.append(event) } }
    var all: [CommandEvent] { events.withLock { $0 } }
    var steps: [String] { all.compactMap { if case .step(let step) = $0 { step } else { nil } } }
}
