import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastConsole

/// A node has a certificate of the cluster's own authority. It must not do for playing the console, which would be told
/// every token.
@Suite(.timeLimit(.minutes(5))) struct ImpostorTests {
    private let authority: ThrowawayCA

    init() throws { authority = try ThrowawayCA(now: SystemTime().now) }

    private func logIn(at port: Int, as address: String) async throws {
        let settings = ClientSettings(
            address: "\(address):\(port)", ca: authority.authority.certificatePEM, token: Secret("admin-token"))
        try await ConsoleClient.withConnection(settings) { _ in }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func aNodeIsNoConsole(_ address: String) async throws {
        let id = try #require(NodeID("000000000001"))
        for identity in [try authority.node(id), try authority.operator("anna")] {
            let service = FakeService()
            let impostor = ConsoleIdentity(certificatePEM: identity.certificatePEM, keyPEM: identity.keyPEM)
            try await ConsoleFixture.serving(service, identity: impostor) { port in
                let error = await #expect(throws: HoldfastError.self) { try await logIn(at: port, as: address) }
                #expect(error?.code == .unauthenticated)
            }
            #expect(service.tokens.isEmpty, "a token was shown to whoever is not the console")
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func aCoordinatorIs(_ address: String) async throws {
        let service = FakeService()
        let identity = ConsoleIdentity(
            certificatePEM: authority.coordinator.certificatePEM, keyPEM: authority.coordinator.keyPEM)
        try await ConsoleFixture.serving(service, identity: identity) { port in
            try await logIn(at: port, as: address)
        }
        #expect(Set(service.tokens) == ["admin-token"])
    }
}
