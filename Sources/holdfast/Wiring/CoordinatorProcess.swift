import Foundation
import HoldfastCatalog
import HoldfastConsole
import HoldfastCoordinator
import HoldfastMail
import HoldfastModel
import HoldfastNode
import HoldfastPostgres
import HoldfastWeb
import HoldfastWire
import Logging

/// A coordinator with its ports, built from top to bottom.
struct CoordinatorProcess: Sendable {
    struct Addresses: Sendable {
        var listen: NetworkAddress
        var console: NetworkAddress
        /// What links of downloads begin with; nil where none are served.
        var http: String?
    }

    let settings: CoordinatorSettings

    private var directory: ClusterDirectory { ClusterDirectory(path: settings.dataDirectory) }

    /// Serves until the task is cancelled.
    ///
    /// - Parameters:
    ///   - ready: told when all ports are open.
    ///   - companion: what else the process runs, once `ready` has returned.
    func run(
        ready: @escaping @Sendable (Coordinator, Addresses) async throws -> Void,
        beside companion: (@Sendable () async throws -> Void)? = nil
    ) async throws {
        let time = SystemTime()
        let connections = NodeConnections()
        let authority = try directory.loadAuthority()
        let identity = try directory.loadIdentity()
        let coordinator = try await start(authority, connections, time)
        let listener = try await WireListener.bind(
            host: settings.listen.host, port: settings.listen.port, identity: identity, trust: authority.trust)
        let listen = NetworkAddress(host: settings.listen.host, port: listener.port)
        let links = NodeLinks(
            admission: coordinator.admission, connections: connections, time: time, logger: Serving.logger("wire"))
        let console = try ConsoleServer(
            host: settings.console.host, port: settings.console.port,
            identity: ConsoleIdentity(certificatePEM: identity.certificatePEM, keyPEM: identity.keyPEM),
            service: coordinator.commands, time: time, logger: Serving.logger("console"))
        let web = try settings.http.map { http in
            try WebServer(
                http.web(),
                WebServer.Parts(
                    commands: coordinator.commands, accounts: coordinator.accounts, downloads: coordinator.downloads),
                time: time, logger: Serving.logger("http"))
        }
        let url = try settings.http?.url()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await coordinator.run() }
            group.addTask { await listener.run { await links.serve($0) } }
            let (opened, continuation) = AsyncStream.makeStream(of: Port.self)
            group.addTask { try await console.run { continuation.yield(.console($0)) } }
            if let web {
                group.addTask { try await web.run { _ in continuation.yield(.http) } }
            } else {
                continuation.yield(.http)
            }
            // What ends first, by error or by order, ends all.
            defer { group.cancelAll() }
            group.addTask {
                var (console, httpIsOpen): (NetworkAddress?, Bool) = (nil, false)
                for await port in opened {
                    switch port {
                    case .console(let port): console = NetworkAddress(host: settings.console.host, port: port)
                    case .http: httpIsOpen = true
                    }
                    guard let console, httpIsOpen else { continue }
                    try await ready(coordinator, Addresses(listen: listen, console: console, http: url))
                    try await companion?()
                }
            }
            try await group.next()
        }
    }

    private enum Port: Sendable {
        case console(Int)
        case http
    }

    /// Makes an administrator and writes the client's settings that carry its token.
    ///
    /// - Returns: the password to sign in with, which is nowhere kept.
    func makeAdministrator() async throws -> FirstAdministrator {
        let authority = try directory.loadAuthority()
        let coordinator = try await start(authority, NodeConnections(), SystemTime())
        let administrator = try await coordinator.accounts.makeFirstAdministrator(try Name("admin"))
        try ClientSettings(
            address: reachable(settings.console).description, ca: authority.certificatePEM,
            token: administrator.token
        ).save(directory.client)
        return administrator
    }

    private func start(
        _ authority: ClusterCA, _ connections: NodeConnections, _ time: SystemTime
    ) async throws -> Coordinator {
        try directory.refuseLostCatalog()
        var configuration = CoordinatorConfiguration(softwareVersion: Version.text)
        configuration.publicURL = try settings.http?.url()
        settings.limits?.apply(to: &configuration)
        settings.nodes?.apply(to: &configuration)
        configuration.timeZone = try settings.zone()
        if let days = settings.auditDays {
            guard (1...3650).contains(days) else {
                throw HoldfastError(.invalidArgument, "The setting auditDays is a number of days from 1 to 3650")
            }
            configuration.auditKept = .seconds(days * 86_400)
        }
        return try await Coordinator.start(
            Coordinator.Parts(
                catalog: Seams.catalog(try SQLiteCatalog(path: directory.catalog, entropy: SystemEntropy())),
                nodes: connections,
                time: time, entropy: SystemEntropy(), clusterKey: try directory.loadClusterKey(settings),
                authority: authority, configuration: configuration,
                parseConnection: Self.parse, mail: try settings.mail.map { SMTPTransport(try $0.server()) },
                webhooks: WebhookSender(try (settings.webhooks ?? WebhookSettings()).rules()),
                logger: Serving.logger("coordinator")))
    }

    private static func parse(_ connection: String) throws -> (DatabaseAddress, Secret?) {
        let login = try DatabaseConnectionString.parse(connection)
        return (login.address, login.password)
    }

    /// Where a client on this machine finds an address that may mean “every interface”.
    private func reachable(_ address: NetworkAddress) -> NetworkAddress {
        ["0.0.0.0", "::"].contains(address.host) ? NetworkAddress(host: "127.0.0.1", port: address.port) : address
    }
}
