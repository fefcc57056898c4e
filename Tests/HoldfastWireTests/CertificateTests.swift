import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@Suite struct CertificateTests {
    let time = WireTestTime()

    @Test func theAuthorityComesBackFromItsFiles() throws {
        let authority = try ClusterCA(cluster: "shop", now: time.now)
        let again = try ClusterCA(certificatePEM: authority.certificatePEM, keyPEM: authority.keyPEM)
        #expect(again.fingerprint == authority.fingerprint && authority.fingerprint.count == 32)
        #expect("\(authority.keyPEM)" == "(secret)")
        let other = try ClusterCA(cluster: "shop", now: time.now)
        #expect(throws: HoldfastError.self) {
            try ClusterCA(certificatePEM: authority.certificatePEM, keyPEM: other.keyPEM)
        }
        #expect(throws: HoldfastError.self) { try ClusterCA(certificatePEM: "nonsense", keyPEM: Secret("x")) }
    }

    @Test func aRoleIsReadFromItsUri() {
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        for role in [CertificateRole.coordinator, .node(node), .operator("ann:b")] {
            #expect(CertificateRole(uri: role.uri) == role)
        }
        for uri in ["", "holdfast", "holdfast:", "holdfast:node", "holdfast:node:x", "holdfast:operator:", "https://a"]
        {
            #expect(CertificateRole(uri: uri) == nil)
        }
    }

    @Test func onlyRequestsAreCertified() throws {
        let authority = try ClusterCA(cluster: "shop", now: time.now)
        let node = NodeID(at: time.now, entropy: FixedEntropy())
        let request = try CertificateRequest.make()
        let chain = try authority.issueNode(node, requestPEM: request.requestPEM, now: time.now)
        #expect(chain.hasSuffix(authority.certificatePEM + "\n"))
        for wrong in ["", "x", authority.certificatePEM, String(repeating: "a", count: 20_000)] {
            let error = #expect(throws: HoldfastError.self) {
                try authority.issueNode(node, requestPEM: wrong, now: time.now)
            }
            #expect(error?.code == .invalidArgument)
        }
        #expect(throws: HoldfastError.self) { try authority.issueOperator("two words", now: time.now) }
    }

    @Test func aTokenComesBackFromItsText() throws {
        let token = JoinToken(fingerprint: FixedEntropy().bytes(32), entropy: FixedEntropy())
        let text = token.text.revealed
        #expect(text.hasPrefix("hfjoin_") && text.count == 91)
        let again = try JoinToken(Secret("  \(text.uppercased().replacing("HFJOIN", with: "hfjoin"))\n"))
        #expect(again == token && again.secretHash.count == 32)
    }

    @Test func everyWrongCharacterOfATokenIsNoticed() {
        let text = Array(JoinToken(fingerprint: FixedEntropy().bytes(32), entropy: FixedEntropy()).text.revealed)
        for index in text.indices {
            var wrong = text
            wrong[index] = wrong[index] == "0" ? "1" : "0"
            #expect(throws: HoldfastError.self, "at \(index)") { try JoinToken(Secret(String(wrong))) }
            #expect(throws: HoldfastError.self) { try JoinToken(Secret(String(text[..<index]))) }
        }
        #expect(throws: HoldfastError.self) {
            try JoinToken(Secret("hfjoin_" + String(repeating: "0", count: 1_000_000)))
        }
    }
}
