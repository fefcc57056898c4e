import HoldfastModel

/// The application of one environment. It works whether or not anything backs it up; only while a restore exchanges its
/// content it keeps still.
///
/// As shops do, it writes a file before the row that names it and removes the row before the file, some time apart.
final class Application: @unchecked Sendable {
    /// Of files that rows name.
    private static let mostPictures = 5

    private let world: World
    private let site: Site
    // Touched by the executor's one thread.
    private var chance: Chance
    private var writes = 0

    init(_ world: World, _ site: Site, _ chance: Chance) {
        (self.world, self.site, self.chance) = (world, site, chance)
    }

    /// Until the task is cancelled.
    func run() async {
        let hasBoth =
            site.services.contains(ServiceReference(.database)) && site.services.contains(ServiceReference(.media))
        while !Task.isCancelled {
            // Mostly while a job is at work there.
            let isWatched = world.witness.isAtWork(on: site.environment)
            await Pause.take(
                chance.duration(.milliseconds(50)...(isWatched ? .seconds(2) : .seconds(12))), in: .outside)
            guard mayWrite else { continue }
            if hasBoth, chance.isOne(in: 2) {
                await usePictures()
            } else {
                for service in site.services where chance.isOne(in: 2) {
                    writes += 1
                    if (try? site.change(service, number: writes, &chance)) == true { wrote(service) }
                }
            }
        }
    }

    private var mayWrite: Bool { world.witness.exchanging(site.environment) == nil }

    private func usePictures() async {
        let named = site.namedFiles()
        writes += 1
        switch (named.count < Self.mostPictures ? chance.below(3) : 1 + chance.below(2), chance.pick(named)) {
        case (1, let file?): await withdraw(file)
        case (2, let file?) where site.hasFile(file):
            if (try? site.writeFile(file, &chance)) != nil { wrote(ServiceReference(.media)) }
        default:
            // Another environment's rows, which a restore may bring without their files, name none of these.
            let (project, environment) = (site.environment.project, site.environment.environment)
            await publish("shop/\(project)-\(environment)-\(writes)", number: writes)
        }
    }

    private func publish(_ file: String, number: Int) async {
        guard (try? site.writeFile(file, &chance)) != nil else { return }
        wrote(ServiceReference(.media))
        await breathe()
        // Unless a restore has taken the file away.
        guard mayWrite, site.hasFile(file) else { return }
        if site.setRow(naming: file, number: number) { wrote(ServiceReference(.database)) }
    }

    private func withdraw(_ file: String) async {
        guard site.setRow(naming: file, number: nil) else { return }
        wrote(ServiceReference(.database))
        await breathe()
        // Unless a restore has brought the row back.
        guard mayWrite, !site.namedFiles().contains(file) else { return }
        if (try? site.removeFile(file)) != nil { wrote(ServiceReference(.media)) }
    }

    private func breathe() async {
        await Pause.take(chance.duration(.zero ... .milliseconds(400)), in: .outside)
    }

    private func wrote(_ service: ServiceReference) {
        guard let content = site.content(of: service) else { return }
        Trace.shared.note(.workload, "the application writes \(site.environment) \(service)")
        world.witness.expected.set(Place(environment: site.environment, service: service), content)
        if world.witness.isAtWork(on: site.environment) { world.count("written under a job") }
    }
}
