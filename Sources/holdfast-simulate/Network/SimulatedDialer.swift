import HoldfastModel
import HoldfastNode
import HoldfastWire

/// How a simulated process reaches others.
struct SimulatedDialer: Dialer {
    let network: SimulatedNetwork
    let life: Life
    /// Who the process shows itself to be.
    let peer: Peer

    func dial(_ address: NetworkAddress, expecting role: CertificateRole) async throws -> any Link {
        let link = try await network.dial(address, from: life, as: peer)
        guard role.admits(link.peer) else {
            await link.close()
            throw HoldfastError(.unauthenticated, "\(address) is \(link.peer)")
        }
        return link
    }
}

extension CertificateRole {
    fileprivate func admits(_ peer: Peer) -> Bool {
        switch (self, peer) {
        case (.coordinator, .coordinator): true
        case (.node(let wanted), .node(let found)): wanted == found
        default: false
        }
    }
}
