import HoldfastModel
import HoldfastNode
import HoldfastPostgres
import HoldfastTestKit

/// A machine with a database server on it.
final class DatabaseHost: @unchecked Sendable {
    static let port = 5432
    /// After so long a client gives up a server that does not answer.
    private static let patience = Duration.seconds(20)

    let host: Host
    let server: ModelDatabaseServer
    // Touched by the executor's one thread.
    private let network: SimulatedNetwork
    private var chance: Chance
    /// One order or answer in so many is lost with its connection; nil for none.
    private var losesOneIn: Int?
    /// Told of a swap that a process has rolled back in order.
    var rolledBack: (Life) -> Void = { _ in }
    /// Whether the server hears at once of a client's death; else the client's machine fails with it.
    func drawsDeathShown() -> Bool { !chance.isOne(in: 3) }

    init(number: Int, _ network: SimulatedNetwork, _ chance: inout Chance) {
        self.network = network
        self.chance = chance.fork()
        let host = Host("db-\(number)", network, chance.fork())
        let server = ModelDatabaseServer(
            system: "700000000000000000\(number)", time: SimulatedTime(.outside, host.clock, bornAt: .zero))
        (self.host, self.server) = (host, server)
        host.restart = .milliseconds(200) ... .seconds(20)
        host.install { life in
            server.start()
            _ = life.whenItEnds { server.kill() }
            try await SimulatedTime(life, host.clock).sleep(for: .seconds(1 << 30))
        }
    }

    /// Takes an order to the server, or its answer back.
    func carry(_ step: ModelDatabaseStep, _ life: Life) async throws {
        try life.pass()
        if step.phase == .asked { Trace.shared.note(.database, "\(life.process): \(step)") }
        await Pause.take(chance.duration(.microseconds(100) ... .milliseconds(6)), in: life)
        try await crossRoad(life)
        if step.call == .rollback, step.phase == .answered { rolledBack(life) }
        // A lost COMMIT is the hardest to judge, so it is lost the most often.
        guard let losesOneIn, chance.isOne(in: step.call == .commit ? 2 : losesOneIn) else { return }
        Trace.shared.note(.fault, "\(life.process) loses its connection: \(step)")
        if step.call == .commit, step.phase == .asked, chance.isOne(in: 2) {
            throw LateCommit(after: chance.duration(.zero ... .seconds(30)))
        }
        throw HoldfastError(.unavailable, "the connection to \(host.name) was lost")
    }

    private func crossRoad(_ life: Life) async throws {
        let end = SeededExecutor.shared.now + Self.patience
        while network.isBlocked(life.process, host.name) || network.isBlocked(host.name, life.process) {
            guard SeededExecutor.shared.now < end else {
                throw HoldfastError(.unavailable, "\(host.name) does not answer")
            }
            await Pause.take(.milliseconds(500), in: life)
            try life.pass()
        }
    }

    // MARK: faults

    func loseConnections(for time: Duration) {
        losesOneIn = 16
        SeededExecutor.shared.after(time) { self.losesOneIn = nil }
    }

    func heal() { losesOneIn = nil }
}
