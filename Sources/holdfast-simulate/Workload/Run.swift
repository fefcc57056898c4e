import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// One seed from its beginning to its end: a cluster is set up, used while things go wrong, and then has to come to rest.
struct Run {
    struct Outcome {
        var seed: UInt64
        var violation: Violation?
        var hash: UInt64
        var steps: Int
        var virtual: Duration
        var counts: [String: Int]
    }

    let seed: UInt64
    let workload: Scenario.Workload
    let variant: Variant?

    func perform() throws -> Outcome {
        let executor = SeededExecutor.shared
        executor.reset(seed: seed)
        Trace.shared.reset()
        let world = try World(seed: seed, workload: workload, variant: variant)
        let progress = Progress()
        let task = Task {
            await Course(world: world).run()
            progress.isDone = true
        }
        switch executor.run(until: { progress.isDone || world.findings.first != nil }) {
        case .finished: break
        case .stuck: world.findings.report("P5", "nothing is left that could happen, and the run has not ended")
        case .livelock: world.findings.report("P5", "livelock: \(executor.steps) steps, at \(executor.now)")
        }
        task.cancel()
        return Outcome(
            seed: seed, violation: world.findings.first, hash: Trace.shared.hash ^ executor.fingerprint,
            steps: executor.steps, virtual: executor.now, counts: world.counts)
    }

    private final class Progress: @unchecked Sendable {
        var isDone = false
    }
}

/// The phases of a run.
private struct Course {
    let world: World

    func run() async {
        do {
            try await Preparation(world: world).run()
            let prepared = SeededExecutor.shared.steps
            await use()
            let used = SeededExecutor.shared.steps
            heal()
            try await Settlement(world: world).run()
            let settled = SeededExecutor.shared.steps
            world.count("steps of preparation", prepared)
            world.count("steps of use", used - prepared)
            world.count("steps of settlement", settled - used)
        } catch let violation as Violation {
            world.findings.report(violation.promise, violation.what)
        } catch {
            world.findings.report("P5", "the run itself failed: \(HoldfastError(error))")
        }
    }

    private func use() async {
        let nemesis = Nemesis(world, world.chance.fork())
        let applications = world.sites.map { Application(world, $0, world.chance.fork()) }
        let clients = (1...world.scenario.clients).map { Client($0, world, world.chance.fork()) }
        await withDiscardingTaskGroup { group in
            for application in applications { group.addTask { await application.run() } }
            if !world.scenario.faults.isEmpty || !world.scenario.upheavals.isEmpty {
                group.addTask { await nemesis.run() }
            }
            group.addTask { await sample() }
            await withDiscardingTaskGroup { group in
                for client in clients { group.addTask { await client.run() } }
            }
            group.cancelAll()
        }
    }

    /// Looks again and again whether every service contains what it should.
    private func sample() async {
        while !Task.isCancelled {
            await Pause.take(.milliseconds(700), in: .outside)
            for site in world.sites { world.witness.check(site.environment, "a sample") }
        }
    }

    /// The faults stop, and every process is started anew, as an operator would do.
    private func heal() {
        Trace.shared.note(.workload, "the faults stop")
        world.network.unblockAll()
        world.network.lostAnswersOneIn = nil
        world.store.troubleOneIn = nil
        world.databases.heal()
        for node in world.nodes { node.heal() }
        for coordinator in world.coordinators.dropFirst() { coordinator.host.stop() }
        for host in world.hosts { host.clock.offset = .zero }
        for host in world.hosts where host.restart != nil {
            host.die(.kill)
            host.start()
        }
    }
}
