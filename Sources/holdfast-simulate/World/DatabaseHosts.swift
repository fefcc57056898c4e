import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit

/// The database servers of a cluster, and how nodes reach them.
final class DatabaseHosts: Sendable {
    let all: [DatabaseHost]

    init(_ network: SimulatedNetwork, _ chance: inout Chance) {
        all = [1, 2].map { DatabaseHost(number: $0, network, &chance) }
    }

    /// The servers as one node process sees them.
    func driver(for life: Life) -> ModelDatabaseDriver {
        // A model measures its clients' silence by their clocks, so theirs begin with its own.
        let time = SimulatedTime(life, all[0].host.clock, bornAt: .zero)
        let servers = all.map { ("\($0.host.name):\(DatabaseHost.port)", $0.server) }
        return ModelDatabaseDriver(
            servers: Dictionary(uniqueKeysWithValues: servers), time: time,
            alive: { if !life.isAlive { throw Life.Ended() } }, deathShows: all[0].drawsDeathShown(),
            during: { [all] step in try await all.first { $0.host.name == step.host }?.carry(step, life) })
    }

    func heal() {
        for one in all { one.heal() }
    }
}
