/// The application whose content is backed up: it changes its databases and files whenever nothing is at work on them.
final class Application: @unchecked Sendable {
    private let world: World
    // Touched by the executor's one thread.
    private var chance: Chance
    private var writes = 0

    init(_ world: World, _ chance: Chance) { (self.world, self.chance) = (world, chance) }

    /// Until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await Pause.take(chance.duration(.milliseconds(200) ... .seconds(5)), in: .outside)
            if let site = chance.pick(world.sites) { write(to: site) }
        }
    }

    func write(to site: Site) {
        guard !world.witness.isAtWork(on: site.environment) else { return }
        for service in site.services where chance.isOne(in: 2) {
            writes += 1
            guard (try? site.change(service, number: writes, &chance)) == true, let content = site.content(of: service)
            else {
                continue
            }
            Trace.shared.note(.workload, "the application writes \(site.environment) \(service)")
            world.witness.expected.set(Place(environment: site.environment, service: service), content)
        }
    }
}
