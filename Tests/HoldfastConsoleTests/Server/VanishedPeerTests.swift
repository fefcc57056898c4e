import Foundation
import HoldfastModel
import Testing

@testable import HoldfastConsole

/// A peer whose packets no longer come: its machine lost power, or the road to it was cut. `scripts/test-network` gives
/// these tests a network of their own, in which packets can be dropped.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ProcessInfo.processInfo.environment["HOLDFAST_OWN_NETWORK"] != nil))
struct VanishedPeerTests {
    private static let elsewhere = "127.0.0.3"

    private var keepAlive: KeepAlive {
        var keepAlive = KeepAlive()
        (keepAlive.idleSeconds, keepAlive.intervalSeconds, keepAlive.tries) = (1, 1, 2)
        return keepAlive
    }

    private var quick: ConsoleLimits {
        var limits = ConsoleLimits()
        limits.keepAlive = keepAlive
        return limits
    }

    /// Nothing comes from any of those, as `iptables` calls them, while `body` runs.
    private func cut(_ matches: [[String]], _ body: () async throws -> Void) async throws {
        func rule(_ action: String) throws {
            for match in matches {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/sbin/iptables")
                process.arguments = [action, "INPUT"] + match + ["--jump", "DROP"]
                try process.run()
                process.waitUntilExit()
                try #require(process.terminationStatus == 0)
            }
        }
        try rule("--append")
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        try rule("--delete")
        try outcome.get()
    }

    private static let peer = [["--source", elsewhere], ["--destination", elsewhere]]

    /// Neither side has anything to say; the place of who vanished is another's soon.
    @Test func whoVanishesInSilenceGivesItsPlaceToOthers() async throws {
        var limits = quick
        limits.connections = 1
        try await ConsoleFixture.serving(limits: limits) { port in
            try await RawPeer.with(port: port, from: Self.elsewhere) { peer in
                _ = await peer.line()
                #expect(try await peer.ask("login admin-token") == "Logged in as anna.")
                try await cut(Self.peer) {
                    var answer: String?
                    repeat {
                        answer = try await RawPeer.with(port: port) { other in
                            _ = await other.line()
                            return try await other.ask("login admin-token")
                        }
                    } while answer != "Logged in as anna."
                }
            }
        }
    }

    /// The server has words on their way to who vanished; the work for it ends.
    @Test func whoVanishesWhileItIsToldSomethingIsLeft() async throws {
        let service = FakeService()
        try await ConsoleFixture.serving(service, limits: quick) { port in
            try await RawPeer.with(port: port, from: Self.elsewhere) { peer in
                try await peer.send("login admin-token\njob watch 1t6x0fm4w2qz\n")
                for _ in 0..<5 { _ = await peer.line() }
                try await cut(Self.peer) { for await _ in service.watchEnded { break } }
            }
        }
    }

    /// A client waits for the answer of a server that vanished.
    @Test func aClientHearsThatItsServerIsGone() async throws {
        let keepAlive = keepAlive
        try await ConsoleFixture.serving { port in
            let server = ["--dport", "--sport"].map { ["--protocol", "tcp", $0, "\(port)"] }
            await #expect(throws: (any Error).self) {
                try await ConsoleClient.withConnection(ConsoleFixture.settings(port), keepAlive: keepAlive) { client in
                    try await cut(server) { _ = try await client.perform("backup list") { _ in } }
                }
            }
        }
    }
}
