package import HoldfastCommands
package import HoldfastModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// The HTTP service: the web console, the API, the links of downloads, and what machines ask that look after this one.
///
/// Memory is bounded by the connections: each holds a request's head and a few pieces of what it is sent, and takes more of
/// a file only as its client does.
package struct WebServer: Sendable {
    private let configuration: WebConfiguration
    private let tls: TLSConfiguration?
    private let parts: Parts
    private let time: any TimeSource
    private let logger: Logger

    /// Whom it asks.
    package struct Parts: Sendable {
        package var commands: any CommandService
        package var accounts: any AccountService
        package var downloads: any DownloadSource

        package init(
            commands: any CommandService, accounts: any AccountService, downloads: any DownloadSource
        ) {
            self.commands = commands
            self.accounts = accounts
            self.downloads = downloads
        }
    }

    /// - Throws: `invalidArgument` for a certificate or key that can't be used.
    package init(
        _ configuration: WebConfiguration, _ parts: Parts, time: any TimeSource, logger: Logger
    ) throws {
        self.configuration = configuration
        self.parts = parts
        self.time = time
        self.logger = logger
        tls = try configuration.tls.map { try Self.load($0) }
    }

    /// Serves until the task is cancelled, then ends every connection and returns.
    ///
    /// - Parameter listening: told the port once it is open.
    /// - Throws: `unavailable` where the port can't be opened.
    package func run(listening: @escaping @Sendable (Int) async -> Void) async throws {
        var server = HTTPServerBuilder.http1(configuration: channel)
        if let tls { server = try .tls(server, tlsConfiguration: tls) }
        // What is told of every connection is of no use to an operator.
        var quiet = Logger(label: "holdfast.http", factory: { _ in SwiftLogNoOpLogHandler() })
        quiet.logLevel = .critical
        let application = Application(
            router: router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.limits.connections)),
            onServerRunning: { await listening($0.localAddress?.port ?? 0) }, logger: quiet)
        do {
            try await run(application, quiet)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw HoldfastError(
                .unavailable,
                "The web service can't listen on \(configuration.host):\(configuration.port): \(error)".printable(
                    limit: 400))
        }
    }

    /// How long answers under way may take when this service stops.
    private static let grace = Duration.seconds(1)

    /// Stops in order: the port is closed, and whoever was let in is served or sent away by a task of their own. Where the
    /// tasks were cancelled at once, connections that were accepted and not come to would be dropped unused, which NIO takes
    /// for a mistake of ours and ends the process.
    private func run(_ application: some ServiceLifecycle.Service, _ logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.grace
        let group = ServiceGroup(configuration: configuration)
        // Not a child of this task, which hands its cancellation on to every task below it. It runs where this one does:
        // what is asked of the catalog, or of a password, blocks its thread.
        let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
        let running = Task(executorPreference: executor) { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
        try Task.checkCancellation()
    }

    private var channel: HTTP1Channel.Configuration {
        let limits = configuration.limits
        let slots = Slots(limits.connections, each: limits.connectionsPerAddress)
        let isBehindProxy = configuration.isBehindProxy
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                HeadDeadline(timeout: TimeAmount(limits.headTimeout)),
                BodyDeadline(timeout: TimeAmount(limits.stallTimeout)),
                StallDeadline(timeout: TimeAmount(limits.stallTimeout), logger: logger),
            ] + (isBehindProxy ? [] : [ConnectionLimit(slots)]),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerFields))
    }

    private func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: configuration.isSecure))
        router.add(middleware: PlainPages(logger: logger))
        if configuration.isBehindProxy {
            let limits = configuration.limits
            router.add(middleware: RequestLimit(slots: Slots(.max, each: limits.connectionsPerAddress)))
        }
        let identity = WebIdentity(
            commands: parts.commands, accounts: parts.accounts,
            cookie: SessionCookie(isSecure: configuration.isSecure))
        let slots = Slots(configuration.limits.transfers, each: configuration.limits.transfersPerAddress)
        let contents = ContentService(commands: parts.commands, slots: slots, time: time, logger: logger)
        addAPI(to: router, identity, contents)
        PageRoutes(
            commands: parts.commands, accounts: parts.accounts, contents: contents,
            cookie: SessionCookie(isSecure: configuration.isSecure), isBehindProxy: configuration.isBehindProxy,
            time: time, logger: logger
        ).add(to: router)
        addHealth(to: router, identity)
        addDownloads(to: router, slots)
        return router
    }

    private func addAPI(
        to router: Router<WebContext>, _ identity: WebIdentity, _ contents: ContentService
    ) {
        let api = APIService(
            commands: parts.commands, identity: identity, limits: configuration.limits,
            isBehindProxy: configuration.isBehindProxy, time: time, logger: logger, contents: contents)
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .head, .options] {
            router.on(RouterPath(APIRoute.base + "/**"), method: method) { request, context in
                await api.answer(request, context)
            }
        }
    }

    private func addHealth(to router: Router<WebContext>, _ identity: WebIdentity) {
        let service = HealthService(
            commands: parts.commands, identity: identity, isBehindProxy: configuration.isBehindProxy, logger: logger)
        router.get("/healthz") { _, _ in service.health() }
        router.get("/readyz") { _, _ in await service.readiness() }
        router.get("/metrics") { request, context in await service.metrics(request, context) }
    }

    private func addDownloads(to router: Router<WebContext>, _ slots: Slots) {
        let service = DownloadService(
            source: parts.downloads, slots: slots, isBehindProxy: configuration.isBehindProxy, time: time,
            logger: logger)
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/d/:download/:number/:name", method: method) { request, context in
                try await service.answer(
                    request, context, download: context.parameters.get("download") ?? "",
                    number: context.parameters.get("number") ?? "")
            }
        }
    }

    private static func load(_ tls: WebConfiguration.TLS) throws(HoldfastError) -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificateFile)
            let key = try NIOSSLPrivateKey(file: tls.keyFile, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw HoldfastError(
                .invalidArgument,
                "The certificate \(tls.certificateFile.printable()) with the key \(tls.keyFile.printable()) can't be used: \(error)"
            )
        }
    }
}
