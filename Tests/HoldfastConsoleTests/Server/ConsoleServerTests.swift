import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite(.timeLimit(.minutes(5))) struct ConsoleServerTests {
    private var quick: ConsoleLimits {
        var limits = ConsoleLimits()
        limits.loginDelay = .milliseconds(5)
        limits.closeTime = .seconds(2)
        return limits
    }

    private func answer(_ line: String?) throws -> ConsoleAnswer {
        try JSONLine.value(from: (line ?? "").utf8)
    }

    @Test func conversationInText() async throws {
        try await ConsoleFixture.serving { port in
            try await RawPeer.with(port: port) { peer in
                #expect(await peer.line() == "Holdfast console 1. Type: login TOKEN. Then: help")
                #expect(try await peer.ask("backup list\r") == "error: Say who you are first: login TOKEN")
                #expect(await peer.line() == "")
                #expect(try await peer.ask("login admin-token") == "Logged in as anna.")
                _ = await peer.line()
                #expect(try await peer.ask("backup list")?.hasPrefix("BACKUP ") == true)
                #expect(await peer.line()?.contains("before the sale") == true)
                _ = await peer.line()
                #expect(try await peer.ask("restore start 1t6x0fk4w2qz --to shop/test")?.contains("--yes") == true)
                _ = await peer.line()
                #expect(try await peer.ask("backup create")?.hasPrefix("error: Missing expected argument") == true)
                #expect(await peer.line()?.hasPrefix("Usage: holdfast backup create") == true)
                try await peer.send("quit\n")
                #expect(await peer.rest().contains("Bye."))
            }
        }
    }

    @Test func conversationInJSON() async throws {
        let service = FakeService()
        try await ConsoleFixture.serving(service) { port in
            try await RawPeer.with(port: port) { peer in
                _ = await peer.line()
                #expect(try answer(await peer.ask("mode json")).result == .done("Answers are json now."))
                #expect(try answer(await peer.ask("login viewer-token")).sequence == 2)
                let denied = try answer(await peer.ask("backup create shop/live"))
                #expect(denied.error?.code == "permission-denied")
                #expect(denied.sequence == 3)
                #expect(service.commands.isEmpty)
                #expect(try answer(await peer.ask("backup list shop/live")).result == .backups([Samples.backup]))
                #expect(try answer(await peer.ask("backup verify 1t6x0fk4w2qz")).error?.number == 3)
                #expect(try answer(await peer.ask("nonsense")).error?.code == "invalid-argument")
                #expect(try answer(await peer.ask("login admin-token")).error?.code == "invalid-argument")
                #expect(try answer(await peer.ask("node list --client x")).error != nil)
            }
        }
    }

    @Test func eventsComeBeforeTheResult() async throws {
        try await ConsoleFixture.serving { port in
            try await RawPeer.with(port: port) { peer in
                try await peer.send("mode json\nlogin admin-token\nbackup create shop/live\nquit\n")
                let answers = try await peer.rest().dropFirst().map { try answer($0) }
                #expect(answers.map(\.sequence) == [1, 2, 3, 3, 3, 3, 3, 3, 4])
                #expect(answers.compactMap(\.event) == Samples.events)
                #expect(answers[7].result != nil)
            }
        }
    }

    @Test func wrongTokensEndTheConnection() async throws {
        try await ConsoleFixture.serving(limits: quick) { port in
            try await RawPeer.with(port: port) { peer in
                try await peer.send("login a\nlogin b\nlogin c\nlogin admin-token\n")
                let lines = await peer.rest().filter { !$0.isEmpty }.dropFirst()
                #expect(lines.count == 3)
                #expect(lines.allSatisfy { $0.hasPrefix("error: The token is unknown") })
            }
        }
    }

    @Test func silenceBeforeTheLoginEnds() async throws {
        var limits = quick
        // The handshake is part of it.
        limits.loginTime = .seconds(2)
        try await ConsoleFixture.serving(limits: limits) { port in
            try await RawPeer.with(port: port) { peer in
                #expect(await peer.rest().last?.hasPrefix("error: No login within") == true)
            }
        }
    }

    @Test func oversizeLine() async throws {
        try await ConsoleFixture.serving(limits: quick) { port in
            try await RawPeer.with(port: port) { peer in
                _ = await peer.line()
                try await peer.send(String(repeating: "a", count: 100_000))
                #expect(await peer.rest().first == "error: A line may have at most 16384 bytes. Closing.")
            }
        }
    }

    @Test(arguments: [UInt64(21), 22, 23])
    func garbage(seed: UInt64) async throws {
        let limits = quick
        try await ConsoleFixture.serving(limits: limits) { port in
            var random = SeededRandom(seed: seed)
            let bytes = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) } + [0]
            try await RawPeer.with(port: port) { peer in
                _ = await peer.line()
                try await peer.send(bytes)
                let lines = await peer.rest()
                #expect(lines.filter { $0.hasSuffix("Closing.") }.count == 1, "seed \(seed): \(lines)")
            }
            // And no TLS at all.
            try await RawPeer.with(port: port, isTLS: false) { peer in
                try await peer.send([0x47] + bytes)
                let lines = await peer.rest()
                #expect(lines.count == 1 && lines[0].hasPrefix("error: This port speaks TLS"), "seed \(seed)")
            }
            try await RawPeer.with(port: port, isTLS: false) { peer in
                try await peer.send([22] + bytes)
                _ = await peer.rest()
            }
        }
    }

    @Test func goneClientStopsTheWatchingOnly() async throws {
        let service = FakeService()
        try await ConsoleFixture.serving(service) { port in
            try await RawPeer.with(port: port) { peer in
                try await peer.send("login admin-token\njob watch 1t6x0fm4w2qz\n")
                for _ in 0..<5 { _ = await peer.line() }
            }
            for await _ in service.watchEnded { break }
        }
        #expect(service.commands == [.jobWatch(Samples.jobID)])
    }

    @Test func slowClientHoldsNoMemory() async throws {
        var limits = quick
        limits.writeTime = .seconds(2)
        let service = FakeService()
        try await ConsoleFixture.serving(service, limits: limits) { port in
            try await RawPeer.with(port: port) { peer in
                try await peer.send("mode json\nlogin admin-token\njob watch 1t6x0fm4w2qz\n")
                // Nothing is read; the server waits, and then hangs up.
                for await _ in service.watchEnded { break }
            }
        }
        // What is under way is in the sockets' buffers, a few MiB, and the server's watermark.
        #expect(service.reports < 500, "\(service.reports) reports of 60 KB")
    }

    @Test func ofThoseWhoLoggedInOneMoreIsTold() async throws {
        var limits = quick
        limits.connections = 20
        try await ConsoleFixture.serving(limits: limits) { port in
            let (entered, signal) = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await RawPeer.with(port: port) { peer async throws in
                            _ = await peer.line()
                            #expect(try await peer.ask("login admin-token") == "Logged in as anna.")
                            signal.yield()
                            _ = await peer.rest()
                        }
                    }
                }
                var count = 0
                for await _ in entered {
                    count += 1
                    if count == 20 { break }
                }
                try await RawPeer.with(port: port) { peer async throws in
                    _ = await peer.line()
                    #expect(try await peer.ask("login admin-token")?.contains("in use") == true)
                    #expect(await peer.rest().allSatisfy(\.isEmpty), "and the connection ends")
                }
                group.cancelAll()
            }
            // Those who left made room again.
            while true {
                let answer = try await RawPeer.with(port: port) { peer async throws in
                    _ = await peer.line()
                    return try await peer.ask("login admin-token")
                }
                if answer == "Logged in as anna." { break }
            }
        }
    }
}
