import Glibc
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

/// A listener on loopback with test handlers, for as long as `body` takes.
func withListener(
    _ certificates: ThrowawayCA, handlers: Handlers = TestHandlers.make(),
    listening: WireListener.Limits = WireListener.Limits(), limits: ConnectionLimits = ConnectionLimits(),
    _ body: (_ port: Int) async throws -> Void
) async throws {
    let listener = try await WireListener.bind(
        host: "127.0.0.1", port: 0, identity: certificates.coordinator, trust: certificates.trust, limits: listening)
    try await withThrowingDiscardingTaskGroup { group in
        group.addTask {
            await listener.run { link in
                let connection = Connection(
                    link: link, side: .listener, handlers: handlers, limits: limits, time: WireTestTime())
                try? await connection.run()
            }
        }
        defer { group.cancelAll() }
        try await body(listener.port)
    }
}

/// A connection over a link, running for as long as `body` takes.
func withConnection<Result>(
    over link: any Link, _ body: (Connection) async throws -> Result
) async throws -> Result {
    let connection = Connection(link: link, side: .dialer, time: WireTestTime())
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await connection.run() }
        defer { group.cancelAll() }
        let result = try await body(connection)
        await connection.close()
        return result
    }
}

@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    let time = WireTestTime()

    func dial(_ port: Int, _ identity: TLSIdentity?, _ trust: TLSTrust) async throws -> any Link {
        try await WireDialer.connect(
            host: "127.0.0.1", port: port, identity: identity, trust: trust, expecting: .coordinator)
    }

    @Test func aNodeIsKnownByItsCertificate() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        var handlers = Handlers()
        handlers.on(Echo.self, allow: [.node]) { _, context in .init(text: "\(context.peer)") }
        try await withListener(certificates, handlers: handlers) { port in
            let link = try await dial(port, certificates.node(node), certificates.trust)
            #expect(link.peer == .coordinator)
            #expect(try await withConnection(over: link) { try await $0.call(Echo(text: "")).text } == "node \(node)")
        }
    }

    @Test func bulkCrossesTLS() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        var random = SeededBytes(state: 3)
        let sent = random.bytes(2_000_003)
        try await withListener(certificates) { port in
            let link = try await dial(port, certificates.operator("ann"), certificates.trust)
            try await withConnection(over: link) { connection in
                let (_, came) = try await connection.call(
                    Mirror(), sending: { try await $0.write(sent) },
                    receiving: { try await $0.collect(upTo: 3_000_000) })
                #expect(came == sent)
            }
        }
    }

    @Test func withoutACertificateNothingButJoiningIsAllowed() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        try await withListener(certificates) { port in
            let link = try await dial(port, nil, certificates.trust)
            try await withConnection(over: link) { connection in
                let error = await #expect(throws: HoldfastError.self) { try await connection.call(Echo(text: "a")) }
                #expect(error?.code == .permissionDenied)
            }
        }
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() async throws {
        let (ours, theirs) = (try ThrowawayCA(now: time.now), try ThrowawayCA(now: time.now))
        try await withListener(ours) { port in
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await dial(port, nil, theirs.trust)
            }
            #expect(error?.code == .unauthenticated, "the dialer doesn't believe the listener")
            let link = try await dial(port, theirs.operator("eve"), ours.trust)
            let connection = Connection(link: link, side: .dialer, time: time)
            let refusal = await #expect(throws: HoldfastError.self) { try await connection.run() }
            #expect(refusal?.code == .unauthenticated, "the listener doesn't believe the dialer")
            let call = await #expect(throws: HoldfastError.self) { try await connection.call(Echo(text: "a")) }
            #expect(call?.code == .unavailable)
        }
    }

    @Test func aServerOfAnotherRoleIsRefused() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        try await withListener(certificates) { port in
            let error = await #expect(throws: HoldfastError.self) {
                _ = try await WireDialer.connect(
                    host: "127.0.0.1", port: port, identity: nil, trust: certificates.trust, expecting: .node(node))
            }
            #expect(error?.code == .unauthenticated)
        }
    }

    @Test func whereNothingListensTheErrorSaysSo() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let listener = try await WireListener.bind(
            host: "127.0.0.1", port: 0, identity: certificates.coordinator, trust: certificates.trust)
        let taken = await #expect(throws: HoldfastError.self) {
            _ = try await WireListener.bind(
                host: "127.0.0.1", port: listener.port, identity: certificates.coordinator, trust: certificates.trust)
        }
        #expect(taken?.code == .busy)
        await listener.close()
        let error = await #expect(throws: HoldfastError.self) {
            _ = try await dial(listener.port, nil, certificates.trust)
        }
        #expect(error?.code == .unavailable && error?.message.contains("Nothing listens") == true)
    }

    @Test func garbageIsShownTheDoorAndHarmsNobody() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        try await withListener(certificates) { port in
            let link = try await dial(port, certificates.operator("ann"), certificates.trust)
            try await withConnection(over: link) { connection in
                for garbage in ["GET / HTTP/1.1\r\n\r\n", String(repeating: "x", count: 5000)] {
                    let socket = try await RawSocket.connect(port: port)
                    socket.write(Array(garbage.utf8))
                    try await socket.readToEnd()
                    #expect(socket.isClosed)
                    #expect(try await connection.call(Echo(text: "well")).text == "well")
                }
            }
        }
    }

    @Test func whoNeverFinishesTheHandshakeIsLeft() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        var limits = WireListener.Limits()
        limits.handshake = .milliseconds(100)
        try await withListener(certificates, listening: limits) { port in
            let socket = try await RawSocket.connect(port: port)
            try await socket.readToEnd()
            #expect(socket.isClosed)
        }
    }

    @Test func beyondTheMostConnectionsNoneIsTaken() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        var limits = WireListener.Limits()
        limits.maximumConnections = 2
        try await withListener(certificates, listening: limits) { port in
            let ann = try certificates.operator("ann")
            let links = [try await dial(port, ann, certificates.trust), try await dial(port, ann, certificates.trust)]
            for link in links { _ = try await link.receive() }
            let third = Connection(link: try await dial(port, ann, certificates.trust), side: .dialer, time: time)
            let error = await #expect(throws: HoldfastError.self) { try await third.run() }
            #expect(error?.code == .unavailable)
            // Whoever leaves makes room again.
            for link in links { await link.close() }
            while true {
                let link = try await dial(port, ann, certificates.trust)
                if try await withConnection(over: link, { try? await $0.call(Echo(text: "in")).text }) == "in" { break }
            }
        }
    }

    @Test(arguments: [
        (["-tls1_2"], false), (["-tls1_3"], true), (["-tls1_3", "-verify_hostname", "localhost"], true),
        (["-tls1_3", "-verify_hostname", "elsewhere"], false),
    ])
    func opensslAsAClient(_ arguments: [String], _ isWelcome: Bool) async throws {
        let certificates = try ThrowawayCA(now: time.now)
        try await withTemporaryFile(certificates.trust.authorityPEM) { file in
            try await withListener(certificates) { port in
                let status = try run(
                    ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", file, "-verify_return_error"]
                        + arguments)
                #expect((status == 0) == isWelcome)
            }
        }
    }
}

func withTemporaryFile(_ text: String, _ body: (String) async throws -> Void) async throws {
    var path = Array("/tmp/holdfast-wire-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    defer {
        close(descriptor)
        unlink(path)
    }
    _ = write(descriptor, Array(text.utf8), text.utf8.count)
    try await body(String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
}

/// Runs a program without input or output, and gives its exit status.
func run(_ arguments: [String]) throws -> Int32 {
    let words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0..<Int32(3) { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
    var child = pid_t()
    guard posix_spawnp(&child, arguments[0], &actions, nil, words, environ) == 0 else {
        throw HoldfastError(.notFound, "\(arguments[0]) can't be started.")
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status & 0x7f == 0 ? status >> 8 & 0xff : -1
}
