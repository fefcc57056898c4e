import Foundation
import HoldfastModel
import Logging

@testable import HoldfastCoordinator
@testable import HoldfastWeb

/// Runs a coordinator with its web service on a free port while `body` asks it.
func withAPI(_ body: @escaping @Sendable (APIRoad) async throws -> Void) async throws {
    let cluster = try await Cluster()
    // The cluster's clock runs on while it is asked.
    func keepSessions(_ configuration: inout CoordinatorConfiguration) {
        configuration.sessionIdleTime = .seconds(1_000_000_000)
        configuration.sessionLifetime = configuration.sessionIdleTime
    }
    try await cluster.lead(mail: FakeMail(), configure: keepSessions) { (coordinator: Coordinator) async throws in
        let server = try WebServer(
            WebConfiguration(host: "127.0.0.1", port: 0),
            WebServer.Parts(
                commands: coordinator.commands, accounts: coordinator.accounts, downloads: coordinator.downloads),
            time: RealTime(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
            group.addTask {
                try await server.run { continuation.yield($0) }
                return false
            }
            group.addTask {
                for await port in ports {
                    let road = try await APIRoad(cluster, coordinator, base: "http://127.0.0.1:\(port)")
                    try await body(road)
                    return true
                }
                return false
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next(), !isDone {}
        }
    }
}

private struct RealTime: TimeSource {
    private static let start = ContinuousClock.now

    var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    var uptime: Duration { ContinuousClock.now - Self.start }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
