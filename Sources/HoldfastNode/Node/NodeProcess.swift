import HoldfastModel
import HoldfastPostgres
import HoldfastWire
import Logging

/// A node at work: its store, its worker, the coordinators it reports to, and the peers it serves.
package struct NodeProcess: Sendable {
    package let store: ObjectStore
    package let worker: Worker
    let scrubber: Scrubber
    /// The port that peers are served on; nil where the node only dials.
    package let port: Int?
    private let parts: Parts
    private let peers: PeerConnections
    private let hooks: BackupHooks
    private let listener: (any LinkListener)?

    private var configuration: NodeConfiguration { parts.configuration }
    private var logger: Logger { parts.logger }

    /// Opens the data directory and the port.
    /// - Throws: `busy` where either is in use, `conflict` where the directory is another node's, `corrupt`.
    package init(_ parts: Parts) async throws {
        self.parts = parts
        let configuration = parts.configuration
        store = try await ObjectStore(
            node: parts.node, disk: parts.disk, time: parts.time,
            configuration: ObjectStore.Configuration(reserveBytes: configuration.reserveBytes))
        scrubber = Scrubber(store: store, time: parts.time, period: parts.scrubPeriod)
        peers = PeerConnections(dialer: parts.dialer, time: parts.time)
        var resources = WorkerResources(
            store: store, peers: peers, disk: parts.disk, indexFiles: parts.indexFiles, databases: parts.databases,
            databaseHosts: DatabaseHosts(configuration.databaseHosts),
            mediaRoots: MediaRoots(
                allowed: configuration.mediaRoots, own: [configuration.dataDirectory] + configuration.ownDirectories,
                calls: parts.fileCalls),
            time: parts.time, entropy: parts.entropy)
        resources.archive = parts.archive
        if let timetable = parts.bandwidth {
            resources.sending = Bandwidth(timetable, time: parts.time)
            resources.receiving = Bandwidth(timetable, time: parts.time)
        }
        let runner = parts.hookRunner ?? ProcessHookRunner(time: parts.time)
        let hooks = BackupHooks(parts.hooks, runner: runner, disk: parts.disk)
        self.hooks = hooks
        resources.hooks = hooks
        var worker = Worker(resources)
        worker.exchangeStep = parts.exchangeStep
        self.worker = worker
        if let listen = configuration.listen {
            listener = try await parts.ports.listen(on: listen)
        } else {
            listener = nil
        }
        port = listener?.port
    }

    /// Works until the task is cancelled; on return everything it began has ended.
    package func run() async {
        for report in await store.reports() { logger.warning("\(report)") }
        do { try await worker.finishErasures() } catch {
            logger.error("Deleting what is left of erased projects: \(HoldfastError(error).message)")
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await peers.run() }
            group.addTask { await settleHooks() }
            group.addTask { await scrubber.run { logger.warning("\($0)") } }
            if let listener { group.addTask { await serve(on: listener) } }
            for coordinator in configuration.coordinators {
                group.addTask { await loop(to: coordinator).run() }
            }
        }
    }

    /// A backup that comes first does the same.
    private func settleHooks() async {
        do {
            for report in try await hooks.settle() { logger.warning("\(report)") }
        } catch {
            logger.error("Running what was left to run after backups: \(HoldfastError(error).message)")
        }
    }

    private func serve(on listener: any LinkListener) async {
        var handlers = Handlers()
        StorageHandlers(store: store, scrubber: scrubber).register(in: &handlers)
        let (served, time, logger) = (handlers, parts.time, logger)
        await listener.run { link in
            let connection = Connection(link: link, side: .listener, handlers: served, time: time)
            do { try await connection.run() } catch {
                logger.debug(
                    "peer lost", metadata: ["peer": "\(link.peer)", "reason": "\(HoldfastError(error).message)"])
            }
        }
    }

    private func loop(to coordinator: NetworkAddress) -> CoordinatorLoop {
        var handlers = Handlers()
        StorageHandlers(store: store, scrubber: scrubber).register(in: &handlers)
        ProjectHandlers(store: store, worker: worker).register(in: &handlers)
        WorkerHandlers(worker: worker).register(in: &handlers)
        return CoordinatorLoop(
            address: coordinator, store: store, scrubber: scrubber, dialer: parts.dialer, handlers: handlers,
            advertised: advertised, configuration: configuration,
            softwareVersion: parts.softwareVersion, time: parts.time, entropy: parts.entropy, logger: logger)
    }

    private var advertised: String? {
        if let advertised = configuration.advertised { return advertised.description }
        guard let listen = configuration.listen, let port else { return nil }
        return NetworkAddress(host: listen.host, port: port).description
    }
}
