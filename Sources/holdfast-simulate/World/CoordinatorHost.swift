import HoldfastArchive
import HoldfastCatalog
import HoldfastCoordinator
import HoldfastModel
import HoldfastNode
import HoldfastPostgres
import HoldfastWire

/// A machine with a coordinator on it: the real one, put together as the `holdfast` binary does.
final class CoordinatorHost: @unchecked Sendable {
    /// A coordinator in office, as far as it knows.
    struct Leading: Sendable {
        var coordinator: Coordinator
        var life: Life
    }

    /// What the coordinators of a cluster share.
    struct Shared {
        var network: SimulatedNetwork
        var store: CatalogStore
        var clusterKey: ClusterKey
        var entropy: Chance
        var limits: QueueLimits
    }

    /// What links begin with.
    static let publicURL = "https://backup.example"

    let host: Host
    let address: NetworkAddress
    // Touched by the executor's one thread.
    private(set) var leading: Leading?
    private let shared: Shared
    private var entropy: Chance

    /// Its certificates never meet a socket here; made once, because a key costs a millisecond.
    private static let authority = Result { try ClusterCA(cluster: "simulated", now: SimulatedTime.start) }

    init(_ name: String, _ shared: Shared, _ chance: inout Chance) {
        self.shared = shared
        entropy = chance.fork()
        address = NetworkAddress(host: name, port: 7640)
        host = Host(name, shared.network, chance.fork())
        host.install { [unowned self] life in try await run(life) }
    }

    private func run(_ life: Life) async throws {
        let time = SimulatedTime(life, host.clock)
        let connections = NodeConnections()
        let logger = LogLines.logger(host.name)
        var configuration = CoordinatorConfiguration(softwareVersion: "simulated")
        // What was rewritten is held where it lies for as long: a node is not empty before that, and rest has to come sooner.
        configuration.rewriteHoldFor = .seconds(10 * 60)
        configuration.limits = shared.limits
        configuration.stalledAfter = .seconds(120)
        configuration.publicURL = Self.publicURL
        let coordinator = try await Coordinator.start(
            Coordinator.Parts(
                catalog: SimulatedCatalog(store: shared.store, life: life), nodes: connections, time: time,
                entropy: SimulatedEntropy(entropy.fork()), clusterKey: shared.clusterKey,
                authority: try Self.authority.get(),
                configuration: configuration, parseConnection: Self.parse, logger: logger))
        let listener = try SimulatedListener(life, as: .coordinator, shared.network, at: address)
        let links = NodeLinks(admission: coordinator.admission, connections: connections, time: time, logger: logger)
        leading = Leading(coordinator: coordinator, life: life)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await coordinator.run() }
            group.addTask { await listener.run { await links.serve($0) } }
            // What ends first, by error or by order, ends all.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func parse(_ connection: String) throws -> (DatabaseAddress, Secret?) {
        let login = try DatabaseConnectionString.parse(connection)
        return (login.address, login.password)
    }
}
