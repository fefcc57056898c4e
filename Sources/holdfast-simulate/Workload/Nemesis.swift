import HoldfastCommands
import HoldfastModel
import HoldfastNode

/// What goes wrong, one thing after the other, as the seed has it.
final class Nemesis: @unchecked Sendable {
    private let world: World
    // Touched by the executor's one thread.
    private var chance: Chance

    init(_ world: World, _ chance: Chance) {
        (self.world, self.chance) = (world, chance)
        if world.scenario.faults.contains(.catalogTrouble) { world.store.troubleOneIn = 15 }
        if world.scenario.faults.contains(.lostAnswers) { world.network.lostAnswersOneIn = 4 }
    }

    /// Until the task is cancelled.
    func run() async {
        world.witness.atSwap = { [unowned self] in aim(at: $0) }
        defer { world.witness.atSwap = { _ in } }
        while !Task.isCancelled {
            await Pause.take(chance.duration(world.scenario.faultPause), in: .outside)
            guard !Task.isCancelled else { return }
            if let upheaval = chance.pick(world.scenario.upheavals), chance.isOne(in: 2) {
                await commit(upheaval)
                continue
            }
            guard let fault = chance.pick(world.scenario.faults) else { continue }
            commit(fault)
        }
    }

    private func commit(_ fault: Scenario.Fault) {
        switch fault {
        case .killNode: die(.kill)
        case .powerCutNode: die(.powerCut)
        case .killCoordinator: leader?.die(.kill, afterCalls: chance.below(30))
        case .secondCoordinator: usurp()
        case .breakLink: _ = world.network.breakOneLink()
        case .partition: cutOff(bothWays: true)
        case .oneWay: cutOff(bothWays: false)
        case .clockJump: jump()
        case .diskErrors:
            briefly(.seconds(1) ... .seconds(10)) {
                $0.faults.failsOneIn = 12
            } until: {
                $0.faults.failsOneIn = nil
            }
        case .diskFull:
            briefly(.seconds(2) ... .seconds(30)) {
                $0.volume.setFree(0)
            } until: {
                $0.volume.setFree(1 << 26)
            }
        case .bitRot: rot()
        case .databaseRestart: restartDatabase()
        case .databaseErrors: server.loseConnections(for: chance.duration(.seconds(1) ... .seconds(15)))
        case .treeErrors:
            briefly(.seconds(1) ... .seconds(8)) {
                $0.faults.treeFailsOneIn = 15
            } until: {
                $0.faults.treeFailsOneIn = nil
            }
        case .catalogTrouble, .lostAnswers: break
        }
    }

    private func commit(_ upheaval: Scenario.Upheaval) async {
        guard let node = chance.pick(world.nodes), let name = try? Name(node.host.name) else { return }
        var change = NodeChange(node: name)
        switch upheaval {
        case .drain: change.isLeaving = chance.isOne(in: 2)
        case .weigh: change.weight = Double(1 + chance.below(4))
        case .maintain: change.maintenance = chance.isOne(in: 3) ? .end : .begin(seconds: 60 + chance.below(600))
        case .killRegion:
            Trace.shared.note(.fault, "region \(node.region) dies")
            for other in world.nodes where other.region == node.region { other.host.die(.kill) }
            return
        case .loseDisk:
            // One at most, and not that of an environment: its index and its trees are another matter.
            guard world.losses.count == 0, !world.sites.contains(where: { $0.node === node }) else { return }
            Trace.shared.note(.fault, "the disk of \(node.host.name) is lost")
            world.losses.count += 1
            node.loseDisk()
            return
        }
        Trace.shared.note(.fault, "\(node.host.name): \(Command.nodeChange(change).change ?? "")")
        world.count("changed members")
        _ = try? await Commander(world: world).give(.nodeChange(change), patience: .seconds(30))
    }

    /// A restore begins its swap: the moments that follow are the ones in which most can go wrong.
    private func aim(at environment: EnvironmentReference) {
        guard chance.isOne(in: 2), let site = world.sites.first(where: { $0.environment == environment }) else {
            return
        }
        switch chance.pick(world.scenario.faults) {
        case .killNode: site.node.host.die(.kill, afterCalls: chance.below(60))
        case .powerCutNode: site.node.host.die(.powerCut, afterCalls: chance.below(60))
        case .killCoordinator: leader?.die(.kill, afterCalls: chance.below(8))
        case .secondCoordinator: usurp()
        case .databaseErrors: server.loseConnections(for: .seconds(1))
        case .databaseRestart:
            let server = server
            SeededExecutor.shared.after(chance.duration(.zero ... .milliseconds(60))) { server.host.die(.kill) }
        default: break
        }
    }

    private func die(_ death: Host.Death) {
        // Mostly where something is going on, and within it.
        let busy = world.sites.filter { world.witness.isAtWork(on: $0.environment) }.map(\.node)
        guard let node = chance.pick(busy) ?? chance.pick(world.nodes) else { return }
        if chance.isOne(in: 4) {
            node.host.die(death)
        } else {
            node.host.die(death, afterCalls: chance.below([20, 100, 400][chance.below(3)]))
        }
    }

    private func restartDatabase() {
        let server = server
        if chance.isOne(in: 2) {
            server.host.die(.kill)
        } else {
            // While something is going on there, if anything is.
            SeededExecutor.shared.after(chance.duration(.zero ... .seconds(3))) { server.host.die(.kill) }
        }
    }

    /// Mostly the one that most services are on.
    private var server: DatabaseHost { world.databases.all[chance.isOne(in: 3) ? 1 : 0] }

    private var leader: Host? {
        let life = world.leading?.life
        return world.coordinators.map(\.host).first { $0.life != nil && $0.life === life }
    }

    private func usurp() {
        guard let leader, let other = world.coordinators.map(\.host).first(where: { $0 !== leader }) else { return }
        Trace.shared.note(.fault, "\(other.name) takes over")
        other.start()
        guard chance.isOne(in: 2), let node = chance.pick(world.nodes) else { return }
        // What the old one orders arrives when the new one has long been heard.
        let road = SimulatedNetwork.Direction(from: leader.name, to: node.host.name)
        world.network.block(road)
        SeededExecutor.shared.after(chance.duration(.seconds(1) ... .seconds(20))) { [world] in
            world.network.unblock(road)
        }
    }

    private func cutOff(bothWays: Bool) {
        let names = world.hosts.map(\.name)
        guard let one = chance.pick(names), let other = chance.pick(names.filter { $0 != one }) else { return }
        let there = SimulatedNetwork.Direction(from: one, to: other)
        let back = SimulatedNetwork.Direction(from: other, to: one)
        world.network.block(there)
        if bothWays { world.network.block(back) }
        SeededExecutor.shared.after(chance.duration(.milliseconds(500) ... .seconds(90))) { [world] in
            world.network.unblock(there)
            world.network.unblock(back)
        }
    }

    private func jump() {
        guard let host = chance.pick(world.hosts) else { return }
        let days = chance.duration(.seconds(1) ... .seconds(3 * 86_400))
        host.clock.offset += chance.isOne(in: 2) ? days : .zero - days
        Trace.shared.note(.fault, "the clock of \(host.name) jumps to \(host.clock.offset)")
    }

    private func briefly(
        _ time: ClosedRange<Duration>, _ begin: (NodeHost) -> Void, until end: @escaping (NodeHost) -> Void
    ) {
        guard let node = chance.pick(world.nodes) else { return }
        Trace.shared.note(.fault, "trouble with the disk of \(node.host.name)")
        begin(node)
        SeededExecutor.shared.after(chance.duration(time)) { end(node) }
    }

    private func rot() {
        guard world.scenario.copies > 1, let node = world.nodes.first(where: { $0.host.name == "node-2" }) else {
            return
        }
        let objects = node.volume.files.filter { $0.hasPrefix("objects/") }
        guard let path = chance.pick(objects) else { return }
        // Only ever on one node, so that good copies exist.
        if (try? node.volume.flipBit(of: path, using: &chance)) != nil {
            Trace.shared.note(.fault, "a bit of \(path) on \(node.host.name) flips")
            world.witness.rotten.insert(path)
        }
    }
}
