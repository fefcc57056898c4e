import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastConsole

/// Thousands of connections that say nothing, or little, keep nobody from the console.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrowdTests {
    /// A tenth of the crowd. HOLDFAST_CROWD=10000 brings all of them, as far as the process may open so many.
    private static let tenth: Int = {
        let wanted = ProcessInfo.processInfo.environment["HOLDFAST_CROWD"].flatMap { Int($0) } ?? 600
        return max(20, min(wanted, RawSocket.raiseLimit() - 1000) / 10)
    }()

    private func logsIn(_ port: Int) async throws -> Bool {
        try await RawPeer.with(port: port) { peer in
            _ = await peer.line()
            return try await peer.ask("login admin-token") == "Logged in as anna."
        }
    }

    @Test func whoLogsInPassesACrowdOfSilentPeers() async throws {
        try await ConsoleFixture.serving { port in
            var crowd: [RawSocket] = []
            for number in 1...10 {
                crowd += try await RawSocket.crowd(Self.tenth, port: port)
                #expect(try await logsIn(port), "while \(number * Self.tenth) peers are silent")
            }
            try await RawSocket.untilOpen(atMost: ConsoleLimits().strangers.perAddress, of: crowd)
        }
    }

    /// The crowd's own connections give way, also where they have begun TLS as if they meant it.
    @Test func theCrowdOfAnotherAddressPushesOutNobody() async throws {
        var limits = ConsoleLimits()
        // To bring thousands takes longer than anybody may take to log in.
        limits.loginTime = .seconds(600)
        try await ConsoleFixture.serving(limits: limits) { port in
            try await RawPeer.with(port: port) { peer in
                #expect(await peer.line()?.hasPrefix("Holdfast") == true)
                let crowd = try await RawSocket.crowd(5 * Self.tenth, port: port, from: "127.0.0.2")
                for socket in crowd { socket.write([22, 3, 1, 0, 200]) }
                #expect(try await peer.ask("login admin-token") == "Logged in as anna.")
            }
        }
    }

    /// A byte now and then is not TLS: the time for the handshake is short.
    @Test func aTrickleInTheHandshakeIsCut() async throws {
        var limits = ConsoleLimits()
        limits.handshakeTime = .milliseconds(300)
        try await ConsoleFixture.serving(limits: limits) { port in
            let socket = try await RawSocket.connect(port: port)
            var count = 0
            for byte in [22, 3, 1, 2, 0] + [UInt8](repeating: 1, count: 600) where !socket.isClosed {
                socket.write([byte])
                count += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            // All of it would take twelve seconds, and be no more than a part of a greeting.
            #expect(socket.isClosed && count < 300)
        }
    }
}
