import HoldfastModel
import HoldfastWire
import Logging

/// Keeps one control connection to one coordinator: dials, registers, sends heartbeats, and dials again when it ends.
struct CoordinatorLoop {
    private static let firstPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(15)

    let address: NetworkAddress
    let store: ObjectStore
    let scrubber: Scrubber
    let dialer: any Dialer
    let handlers: Handlers
    let advertised: String?
    let configuration: NodeConfiguration
    let softwareVersion: String
    let time: any TimeSource
    let entropy: any Entropy
    let logger: Logger

    /// Returns when the task is cancelled.
    func run() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            let began = time.uptime
            do {
                try await stayConnected()
                logger.info("coordinator left", metadata: ["coordinator": "\(address)"])
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning(
                    "coordinator lost",
                    metadata: ["coordinator": "\(address)", "reason": "\(HoldfastError(error).message)"])
            }
            if time.uptime - began > Self.longestPause { pause = Self.firstPause }
            // Half of the pause is drawn, so that nodes which lost one coordinator don't come back all at once.
            let share = Double(entropy.bytes(1).first ?? 0) / 512
            try? await time.sleep(for: pause * (0.5 + share))
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func stayConnected() async throws {
        let link = try await dialer.dial(address, expecting: .coordinator)
        let connection = Connection(link: link, side: .dialer, handlers: handlers, time: time)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await connection.run() }
            group.addTask { try await report(over: connection) }
            // Whichever ends first ends the other: without heartbeats the connection is of no use.
            try await group.next()
            group.cancelAll()
        }
    }

    private func report(over connection: Connection) async throws {
        let reply = try await connection.call(
            RegisterNode(
                node: store.node, softwareVersion: softwareVersion, address: advertised, name: configuration.name,
                region: configuration.region, weight: configuration.weight, epoch: await store.highestEpoch(),
                layout: await store.highestLayout()))
        try await store.obey(reply.epoch)
        logger.info("registered", metadata: ["coordinator": "\(address)", "epoch": "\(reply.epoch)"])
        let interval = Duration.seconds(min(max(reply.heartbeatSeconds, 1), 60))
        while true {
            let statistics = try await store.statistics()
            _ = try await connection.call(
                Heartbeat(
                    node: store.node, capacityBytes: statistics.capacityBytes, freeBytes: statistics.freeBytes,
                    objects: statistics.objects, storedBytes: statistics.storedBytes,
                    takesWrites: statistics.takesWrites, scrub: await scrubber.state))
            try await time.sleep(for: interval)
        }
    }
}
