import HoldfastModel
import Logging

@testable import HoldfastConsole

/// A console port on loopback for the time of a test.
enum ConsoleFixture {
    static func serving<Result: Sendable>(
        _ service: FakeService = FakeService(), limits: ConsoleLimits = ConsoleLimits(),
        identity: ConsoleIdentity = TestAuthority.shared.identity,
        _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let server = try ConsoleServer(
            host: "127.0.0.1", port: 0, identity: identity, service: service, limits: limits,
            time: SystemTime(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ports, signal) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await server.run { signal.yield($0) }
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                throw HoldfastError(.internal, "the port did not open")
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw HoldfastError(.internal, "the server ended")
        }
    }

    static func settings(_ port: Int, token: String = "admin-token") -> ClientSettings {
        ClientSettings(address: "127.0.0.1:\(port)", ca: TestAuthority.shared.authorityPEM, token: Secret(token))
    }
}
