import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastNode
import HoldfastTestKit

/// A whole cluster: two machines for coordinators, three nodes or nine, two database servers, and the environments of two projects.
final class World: @unchecked Sendable {
    let scenario: Scenario
    let variant: Variant?
    let network: SimulatedNetwork
    let store: CatalogStore
    let findings = Findings()
    let coordinators: [CoordinatorHost]
    let nodes: [NodeHost]
    let databases: DatabaseHosts
    let sites: [Site]
    let witness: Witness
    let losses: Losses
    private(set) var counts: [String: Int] = [:]
    // Touched by the executor's one thread.
    var chance: Chance

    init(seed: UInt64, workload: Scenario.Workload, variant: Variant?) throws {
        var chance = Chance(seed: seed)
        scenario = Scenario(&chance, workload: workload, variant: variant)
        self.variant = variant
        let network = SimulatedNetwork(chance.fork())
        let store = CatalogStore(chance.fork())
        (self.network, self.store) = (network, store)
        let shared = CoordinatorHost.Shared(
            network: network, store: store, clusterKey: ClusterKey(generatedFrom: SimulatedEntropy(chance.fork())),
            entropy: chance.fork(), limits: Self.limits(&chance))
        coordinators = ["coordinator-1", "coordinator-2"].map { CoordinatorHost($0, shared, &chance) }
        let databases = DatabaseHosts(network, &chance)
        self.databases = databases
        let surroundings = NodeSurroundings(
            network: network, variant: variant, databases: databases, coordinators: coordinators.map(\.address))
        nodes = try scenario.places.enumerated().map { index, region in
            try NodeHost(number: index + 1, region: Name(region), surroundings, &chance)
        }
        sites = try Self.makeSites(nodes, databases, &chance)
        let (sites, copies, losses) = (sites, scenario.copies, Losses())
        self.losses = losses
        witness = Witness(
            findings,
            site: { environment in sites.first { $0.environment == environment } },
            durable: DurableBackups(
                nodes: Dictionary(uniqueKeysWithValues: nodes.map { ($0.node, $0.volume) }),
                copies: { _ in max(1, copies - losses.count) }, hasLost: { losses.count > 0 }),
            epoch: { store.highestEpoch })
        self.chance = chance
        witness.latestTime = { [unowned self] in
            let ahead = coordinators.map(\.host.clock.offset).max() ?? .zero
            return SimulatedTime.start.advanced(by: SeededExecutor.shared.now + ahead)
        }
        store.witness = { [unowned self] in witness.committed($1, by: $0) }
        network.wiretap = Wiretap(findings)
        for server in databases.all {
            server.rolledBack = { [unowned self] life in
                // A tree that can't be changed can't be settled back either; recovery does it later.
                guard !scenario.faults.contains(.treeErrors) else { return }
                for site in self.sites where site.node.host.life === life { witness.rolledBack(site.environment) }
            }
        }
        store.forgery = Forgery(variant: variant)
        network.forgery = store.forgery
        network.epoch = { store.highestEpoch }
    }

    private static func makeSites(
        _ nodes: [NodeHost], _ databases: DatabaseHosts, _ chance: inout Chance
    ) throws -> [Site] {
        try ["shop/live", "shop/test", "blog/live"].map { text in
            let environment = try EnvironmentReference(text)
            let node = nodes[chance.below(nodes.count)]
            return try Site(environment, node: node, databases: databases, &chance)
        }
    }

    /// The coordinator that was the last to take office, if it still runs.
    var leading: CoordinatorHost.Leading? {
        coordinators.compactMap(\.leading).filter(\.life.isAlive)
            .max { $0.coordinator.office.ledger.epoch < $1.coordinator.office.ledger.epoch }
    }

    /// Few, so that jobs wait for one another.
    private static func limits(_ chance: inout Chance) -> QueueLimits {
        var limits = QueueLimits()
        limits.jobsPerNode = 1 + chance.below(3)
        limits.jobsPerDatabaseServer = 1 + chance.below(3)
        limits.jobsPerProject = 1 + chance.below(3)
        return limits
    }

    /// Disks that were lost since everything was last made whole.
    final class Losses: @unchecked Sendable {
        // Touched by the executor's one thread.
        var count = 0
    }

    func count(_ what: String, _ number: Int = 1) { counts[what, default: 0] += number }

    /// Those that are to run when all is well, and what they rest on first.
    var hosts: [Host] { coordinators.map(\.host) + nodes.map(\.host) + databases.all.map(\.host) }
}
