import HoldfastArchive
package import HoldfastModel
import HoldfastPostgres
package import HoldfastWire
package import Logging

/// A node at work: its store, its worker, the coordinators it reports to, and the peers it serves.
package struct NodeProcess: Sendable {
    package let configuration: NodeConfiguration
    package let store: ObjectStore
    package let worker: Worker
    /// The port that peers are served on; nil where the node only dials.
    package let port: Int?
    private let peers: PeerConnections
    private let dialer: any Dialer
    private let listener: WireListener?
    private let softwareVersion: String
    private let time: any TimeSource
    private let entropy: any Entropy
    private let logger: Logger

    /// Opens the data directory and the port.
    /// - Throws: `busy` where either is in use, `conflict` where the directory is another node's, `corrupt`.
    package init(
        _ configuration: NodeConfiguration, joined: NodeJoin.JoinedNode, softwareVersion: String,
        time: any TimeSource, entropy: any Entropy, logger: Logger
    ) async throws {
        self.configuration = configuration
        self.softwareVersion = softwareVersion
        self.time = time
        self.entropy = entropy
        self.logger = logger
        let disk = try PosixDisk(root: configuration.dataDirectory)
        store = try await ObjectStore(
            node: joined.node, disk: disk, time: time,
            configuration: ObjectStore.Configuration(
                reserveBytes: configuration.reserveBytes))
        dialer = TLSDialer(identity: joined.identity, trust: joined.trust)
        peers = PeerConnections(dialer: dialer, time: time)
        worker = Worker(
            WorkerResources(
                store: store, peers: peers, disk: disk, indexDirectory: configuration.dataDirectory + "/index",
                databases: PostgresServer(tools: PostgresTools(directories: configuration.toolDirectories)),
                databaseHosts: DatabaseHosts(configuration.databaseHosts),
                mediaRoots: MediaRoots(allowed: configuration.mediaRoots), time: time, entropy: entropy))
        if let listen = configuration.listen {
            listener = try await WireListener.bind(
                host: listen.host, port: listen.port, identity: joined.identity, trust: joined.trust)
        } else {
            listener = nil
        }
        port = listener?.port
    }

    /// Works until the task is cancelled; on return everything it began has ended.
    package func run() async {
        for report in await store.reports() { logger.warning("\(report)") }
        await withDiscardingTaskGroup { group in
            group.addTask { await peers.run() }
            if let listener { group.addTask { await serve(on: listener) } }
            for coordinator in configuration.coordinators {
                group.addTask { await loop(to: coordinator).run() }
            }
        }
    }

    private func serve(on listener: WireListener) async {
        var handlers = Handlers()
        StorageHandlers(store: store).register(in: &handlers)
        let (served, time, logger) = (handlers, time, logger)
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
        StorageHandlers(store: store).register(in: &handlers)
        WorkerHandlers(worker: worker).register(in: &handlers)
        return CoordinatorLoop(
            address: coordinator, store: store, dialer: dialer, handlers: handlers, advertised: advertised,
            softwareVersion: softwareVersion, time: time, entropy: entropy, logger: logger)
    }

    private var advertised: String? {
        if let advertised = configuration.advertised { return advertised.description }
        guard let listen = configuration.listen, let port else { return nil }
        return NetworkAddress(host: listen.host, port: port).description
    }
}
