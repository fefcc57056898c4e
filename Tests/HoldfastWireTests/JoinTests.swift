import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite(.timeLimit(.minutes(5))) struct JoinTests {
    let time = WireTestTime()

    /// Takes in whoever shows `token`, as a coordinator does.
    func handlers(_ certificates: ThrowawayCA, _ token: JoinToken, _ node: NodeID) -> Handlers {
        var handlers = TestHandlers.make()
        let now = time.now
        handlers.on(JoinCluster.self, allow: [.anonymous]) { message, _ in
            guard try JoinToken(message.token).secretHash == token.secretHash else {
                throw HoldfastError(.unauthenticated, "The join token is not known or was used: make a new one.")
            }
            let chain = try certificates.authority.issueNode(node, requestPEM: message.certificateRequest, now: now)
            return .init(node: node, certificate: chain)
        }
        return handlers
    }

    func request(_ port: Int, _ token: JoinToken) throws -> NodeJoin.Request {
        NodeJoin.Request(
            host: "127.0.0.1", port: port, token: token, nodeName: try Name("n1"), region: try Name("eu"), address: nil,
            weight: 1)
    }

    @Test func aNodeJoinsAndIsThenKnown() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        let token = JoinToken(fingerprint: certificates.authority.fingerprint, entropy: FixedEntropy())
        try await withListener(certificates, handlers: handlers(certificates, token, node)) { port in
            let joined = try await NodeJoin.perform(request(port, token), time: time)
            #expect(joined.node == node)
            #expect(try ClusterCA.fingerprint(of: joined.trust.authorityPEM) == token.fingerprint)
            let link = try await WireDialer.connect(
                host: "127.0.0.1", port: port, identity: joined.identity, trust: joined.trust, expecting: .coordinator)
            #expect(try await withConnection(over: link) { try await $0.call(Echo(text: "in")).text } == "in")
        }
    }

    @Test func aServerOfAnotherClusterNeverSeesTheToken() async throws {
        let (ours, theirs) = (try ThrowawayCA(now: time.now), try ThrowawayCA(now: time.now))
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        let token = JoinToken(fingerprint: ours.authority.fingerprint, entropy: FixedEntropy())
        try await withListener(theirs, handlers: handlers(theirs, token, node)) { port in
            let error = await #expect(throws: HoldfastError.self) {
                try await NodeJoin.perform(request(port, token), time: time)
            }
            #expect(error?.code == .unauthenticated)
        }
    }

    /// The authority's certificate is public: showing it beside a certificate of one's own must not help.
    @Test func aBorrowedAuthorityInTheChainDoesNotHelp() async throws {
        let (ours, theirs) = (try ThrowawayCA(now: time.now), try ThrowawayCA(now: time.now))
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        let token = JoinToken(fingerprint: ours.authority.fingerprint, entropy: FixedEntropy())
        var liar = theirs.coordinator
        liar.certificatePEM += ours.authority.certificatePEM + "\n"
        let listener = try await WireListener.bind(host: "127.0.0.1", port: 0, identity: liar, trust: theirs.trust)
        let error = await #expect(throws: HoldfastError.self) {
            try await NodeJoin.perform(request(listener.port, token), time: time)
        }
        #expect(error?.code == .unauthenticated)
        _ = node
        await listener.close()
    }

    @Test func aWrongTokenIsRefused() async throws {
        let certificates = try ThrowawayCA(now: time.now)
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        let good = JoinToken(fingerprint: certificates.authority.fingerprint, entropy: FixedEntropy())
        let bad = JoinToken(fingerprint: certificates.authority.fingerprint, entropy: Zeros())
        try await withListener(certificates, handlers: handlers(certificates, good, node)) { port in
            let error = await #expect(throws: HoldfastError.self) {
                try await NodeJoin.perform(request(port, bad), time: time)
            }
            #expect(error?.code == .unauthenticated && error?.message.contains("join token") == true)
        }
    }

    private struct Zeros: Entropy {
        func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    }
}
