import HTTPTypes
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastWeb

/// What one client, one address and one user can take from the others.
@Suite(.timeLimit(.minutes(5))) struct LimitTests {
    private static let bearer = "Authorization: Bearer \(FakeWebService.token)"
    private static let otherBearer = "Authorization: Bearer \(FakeWebService.otherToken)"
    private static let events = "/api/v1/jobs/01aaaaaaaaaa/events"

    private static func request(_ path: String, _ bearer: String = bearer, closing: Bool = false) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\(bearer)\r\n\(closing ? "Connection: close\r\n" : "")\r\n".utf8)
    }

    private static func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
    }

    // MARK: clients that take nothing

    /// An answer of any kind, of which nothing is taken, holds its connection only for a while.
    @Test func whoTakesNothingOfAnAnswerIsLetGo() async throws {
        let service = FakeWebService()
        service.habits.withLock { $0.answerBytes = 64 << 20 }
        var limits = WebLimits()
        limits.stallTimeout = .seconds(1)
        limits.connectionsPerAddress = 1
        try await withServer(SampleSource(), service: service, limits: limits) { base, port in
            let client = try await RawSocket.connect(port: port)
            client.write(Self.request("/api/v1/cluster"))
            try await Self.until { !service.commands.isEmpty }
            // The only connection that it may have is free again.
            try await Self.until { try await Curl.get(base + "/healthz").status == 200 }
            withExtendedLifetime(client) {}
        }
    }

    /// One that takes it slowly is served to the end.
    @Test func whoTakesItSlowlyIsServed() async throws {
        let service = FakeWebService()
        service.habits.withLock { $0.answerBytes = 64 << 20 }
        var limits = WebLimits()
        // Less than the whole takes, and more than any piece of it does.
        limits.stallTimeout = .seconds(4)
        try await withServer(SampleSource(), service: service, limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port, receiveBuffer: 64 << 10)
            client.write(Self.request("/api/v1/cluster", closing: true))
            let bytes = try await client.readToEnd(piece: 256 << 10, pause: .milliseconds(20))
            #expect(bytes > 64 << 20)
        }
    }

    @Test func whoTakesNothingOfEventsIsLetGo() async throws {
        let service = FakeWebService()
        service.habits.withLock { $0.noise = String(repeating: "x", count: 64 << 10) }
        var limits = WebLimits()
        limits.stallTimeout = .seconds(1)
        try await withServer(SampleSource(), service: service, limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port)
            client.write(Self.request(Self.events))
            try await Self.until { service.habits.withLock(\.watched) == 1 }
            try await Self.until { service.habits.withLock(\.watched) == 0 }
        }
    }

    /// A request that was sent before the first was answered has as long as any.
    @Test func whatWasAskedTogetherIsAnsweredTogether() async throws {
        let service = FakeWebService()
        service.habits.withLock { $0.listTime = .seconds(2) }
        var limits = WebLimits()
        limits.headTimeout = .seconds(1)
        try await withServer(SampleSource(), service: service, limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port)
            client.write(Self.request("/healthz") + Self.request("/api/v1/projects"))
            let answers = try await client.read(until: #""name":"a""#)
            #expect(answers.contains("ok\n") && answers.contains(#""name":"a""#), "\(answers)")
        }
    }

    // MARK: addresses

    @Test func oneAddressHasOnlySoManyConnections() async throws {
        var limits = WebLimits()
        limits.connectionsPerAddress = 3
        try await withServer(SampleSource(), limits: limits) { base, port in
            do {
                let crowd = try await RawSocket.crowd(8, port: port)
                try await RawSocket.untilOpen(atMost: 3, of: crowd)
                #expect(crowd.count { !$0.isClosed } == 3)
                // Another address is served.
                let other = try await Curl.get(base + "/healthz", "--interface", "127.0.0.2")
                #expect(other.status == 200)
            }
            try await Self.until { try await Curl.get(base + "/healthz").status == 200 }
        }
    }

    /// There the connections are the proxy's, and what counts is what each of its clients has under way.
    @Test func behindAProxyEachClientHasItsOwn() async throws {
        let source = SampleSource(bytes: 1 << 30)
        var limits = WebLimits()
        limits.connectionsPerAddress = 2
        try await withServer(source, limits: limits, isBehindProxy: true) { base, port in
            func open() async throws -> RawSocket {
                let client = try await RawSocket.connect(port: port)
                client.write(
                    Array("GET \(source.path) HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n".utf8))
                return client
            }
            func status(of address: String) async throws -> Int {
                try await Curl.get(base + "/healthz", "-H", "X-Forwarded-For: \(address)").status
            }
            do {
                let clients = [try await open(), try await open()]
                try await Self.until { source.state.withLock(\.reading) == 2 }
                #expect(try await status(of: "192.0.2.7") == 429)
                // A port that the proxy writes with it makes no other client of it.
                #expect(try await status(of: "192.0.2.7:4711") == 429)
                #expect(try await status(of: "192.0.2.8") == 200)
                #expect(try await status(of: "[2001:db8::1]:4711") == 200)
                #expect(clients.allSatisfy { !$0.isClosed })
            }
            try await Self.until { try await status(of: "192.0.2.7") == 200 }
        }
    }

    @Test func slotsAreCountedAndGivenBack() throws {
        let slots = Slots(10, each: 2)
        func take(_ address: String) -> Slots.Refusal? {
            do {
                held.append(try slots.take(for: Origin(.web, address: address).place))
                return nil
            } catch { return error }
        }
        var held: [Slot] = []
        #expect(take("192.0.2.1") == nil && take("192.0.2.1") == nil)
        #expect(take("192.0.2.1") == .own)
        // Networks of one owner count by themselves, and together.
        for network in 1...4 {
            for _ in 0..<2 { #expect(take("2001:db8:1:\(network)::1") == nil) }
            #expect(take("2001:db8:1:\(network)::2") == .own)
        }
        #expect(take("192.0.2.9") == .all)
        held.removeLast()
        #expect(take("2001:db8:1:5::1") == nil)
        held.removeLast()
        #expect(take("192.0.2.9") == nil)
        held = []
        for address in 0..<10 { #expect(take("192.0.2.\(address)") == nil) }
    }

    // MARK: watchers

    @Test func oneUserWatchesOnlySoMuch() async throws {
        let service = FakeWebService()
        var limits = WebLimits()
        limits.watchersPerUser = 2
        try await withServer(SampleSource(), service: service, limits: limits) { base, port in
            let clients = [try await RawSocket.connect(port: port), try await RawSocket.connect(port: port)]
            for client in clients { client.write(Self.request(Self.events)) }
            try await Self.until { service.habits.withLock(\.watched) == 2 }
            let third = try await Curl.get(base + Self.events, "-H", Self.bearer)
            #expect(third.status == 429 && third.headers["retry-after"] != nil)
            // Somebody else is not held up by them.
            let other = try await RawSocket.connect(port: port)
            other.write(Self.request(Self.events, Self.otherBearer))
            #expect(try await other.read(until: "\r\n").hasPrefix("HTTP/1.1 200"))
            try await Self.until { service.habits.withLock(\.watched) == 3 }
            #expect(clients.allSatisfy { !$0.isClosed })
        }
    }

    /// Whoever is shut out while they watch sees nothing more.
    @Test func eventsEndWithTheRightToThem() async throws {
        let (service, time) = (FakeWebService(), ManualTime())
        try await withServer(SampleSource(), service: service, time: time) { base, _ in
            async let watched = Curl.get(base + Self.events, "-H", Self.bearer)
            try await Self.until { service.habits.withLock(\.watched) == 1 }
            // Time goes on until it has been looked at, and again.
            try await Self.until {
                time.advance(by: .seconds(15))
                return service.commands.count { $0.kind == .jobShow } > 2
            }
            service.habits.withLock { $0.shutOut = true }
            try await Self.until {
                time.advance(by: .seconds(15))
                return service.habits.withLock(\.watched) == 0
            }
            let answer = try await watched
            #expect(answer.exit == 0 && answer.status == 200)
            #expect(answer.text.contains(": still here") && !answer.text.contains("event: end"))
        }
    }

    // MARK: readiness

    /// It costs no look at all projects and jobs.
    @Test func readinessAsksForNothingElse() async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in
            #expect(try await Curl.get(base + "/readyz").status == 200)
            service.fail(with: HoldfastError(.deposed, "Another leads"))
            let page = try await Curl.get(base + "/readyz")
            #expect(page.status == 503 && page.text.contains("deposed"))
            #expect(service.commands.isEmpty)
        }
    }
}
