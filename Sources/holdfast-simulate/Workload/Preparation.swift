import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// Sets the cluster up: nodes that have joined, projects, environments, and their first content.
struct Preparation {
    private static let patience = Duration.seconds(60)

    let world: World

    func run() async throws {
        try await admitNodes()
        for host in [world.databases.host] + world.nodes.map(\.host) + [world.coordinators[0].host] { host.start() }
        // The second coordinator starts only when it is told to take over.
        world.coordinators[1].host.restart = nil
        for _ in 0..<60 {
            if await world.leading?.coordinator.office.registry.layout.members.count == world.nodes.count { break }
            await Pause.take(.seconds(1), in: .outside)
        }
        let commander = Commander(world: world)
        for project in Set(world.sites.map(\.environment.project)).sorted() {
            let create = ProjectCreate(
                name: project, copies: world.scenario.copies, regions: world.scenario.regions)
            _ = try await commander.insist(.projectCreate(create), for: Self.patience)
        }
        for site in world.sites { try await prepare(site, commander) }
    }

    /// As if each had joined with a token: its record is in the catalog, and it has not registered yet.
    private func admitNodes() async throws {
        let memory = world.store.memory
        let epoch = try await memory.takeOffice(above: Epoch(0))
        let writes = try world.nodes.map { node in
            var record = Node(
                id: node.node, name: try Name(node.host.name), region: node.region, address: node.address.description,
                weight: 1, joinedAt: SimulatedTime.start)
            record.isAwaited = true
            return try Write.put(record)
        }
        try await memory.commit(Transaction(epoch: epoch, writes: writes))
    }

    private func prepare(_ site: Site, _ commander: Commander) async throws {
        let create = EnvironmentCreate(
            environment: site.environment, node: try Name(site.node.host.name),
            undoWindowSeconds: world.scenario.undoWindow, schedule: nil)
        _ = try await commander.insist(.environmentCreate(create), for: Self.patience)
        for service in site.services {
            try site.create(service, &world.chance)
            let set = ServiceSet(
                environment: site.environment, service: service, location: site.location(of: service))
            _ = try await commander.insist(.serviceSet(set), for: Self.patience)
            guard let content = site.content(of: service) else { continue }
            world.witness.expected.set(Place(environment: site.environment, service: service), content)
        }
    }
}
