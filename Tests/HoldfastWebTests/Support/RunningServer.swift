import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Logging

@testable import HoldfastWeb

/// Runs a server on a free port while `body` uses it.
func withServer<Value: Sendable>(
    _ source: SampleSource, service: FakeWebService = FakeWebService(), limits: WebLimits = WebLimits(),
    tls: WebConfiguration.TLS? = nil, isBehindProxy: Bool = false,
    time: any TimeSource = RealTime(), _ body: @escaping @Sendable (_ base: String, _ port: Int) async throws -> Value
) async throws -> Value {
    var configuration = WebConfiguration(host: "127.0.0.1", port: 0, tls: tls)
    configuration.limits = limits
    configuration.isBehindProxy = isBehindProxy
    let server = try WebServer(
        configuration, WebServer.Parts(commands: service, accounts: service, downloads: source), time: time,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        group.addTask {
            try await server.run { continuation.yield($0) }
            return nil
        }
        group.addTask {
            for await port in ports {
                return try await body("\(tls == nil ? "http" : "https")://127.0.0.1:\(port)", port)
            }
            return nil
        }
        defer { group.cancelAll() }
        while let value = try await group.next() {
            if let value { return value }
        }
        throw HoldfastError(.internal, "The server ended")
    }
}

private struct RealTime: TimeSource {
    private static let start = ContinuousClock.now

    var now: Timestamp { SampleSource.now }
    var uptime: Duration { ContinuousClock.now - Self.start }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
