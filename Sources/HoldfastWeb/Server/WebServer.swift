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

/// The HTTP service: the links of downloads.
///
/// Memory is bounded by the connections: each holds a request's head and a few pieces of what it is sent, and takes more of
/// a file only as its client does.
package struct WebServer: Sendable {
    private let configuration: WebConfiguration
    private let tls: TLSConfiguration?
    private let downloads: any DownloadSource
    private let time: any TimeSource
    private let logger: Logger

    /// - Throws: `invalidArgument` for a certificate or key that can't be used.
    package init(
        _ configuration: WebConfiguration, downloads: any DownloadSource, time: any TimeSource, logger: Logger
    ) throws {
        self.configuration = configuration
        self.downloads = downloads
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
        // Not a child of this task, which hands its cancellation on to every task below it.
        let running = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
        try Task.checkCancellation()
    }

    private var channel: HTTP1Channel.Configuration {
        let limits = configuration.limits
        let timeout = TimeAmount(limits.headTimeout)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [HeadDeadline(timeout: timeout)],
            idleTimeout: TimeAmount(limits.stallTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerFields))
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: PlainPages(logger: logger))
        let service = DownloadService(
            source: downloads, limits: configuration.limits, slots: TransferSlots(configuration.limits.transfers),
            time: time, logger: logger)
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/d/:download/:number/:name", method: method) { request, context in
                try await service.answer(
                    request, download: context.parameters.get("download") ?? "",
                    number: context.parameters.get("number") ?? "")
            }
        }
        return router
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
