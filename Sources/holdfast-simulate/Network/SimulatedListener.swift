import HoldfastModel
import HoldfastNode
import HoldfastWire

/// Where a simulated process takes links.
final class SimulatedListener: LinkListener, @unchecked Sendable {
    let life: Life
    /// Who the dialler finds here.
    let peer: Peer
    var port: Int { address.port }
    private let network: SimulatedNetwork
    private let address: NetworkAddress
    private let links: AsyncStream<SimulatedLink>
    private let continuation: AsyncStream<SimulatedLink>.Continuation

    /// - Throws: `busy` where the address is in use.
    init(_ life: Life, as peer: Peer, _ network: SimulatedNetwork, at address: NetworkAddress) throws {
        (self.life, self.peer, self.network, self.address) = (life, peer, network, address)
        (links, continuation) = AsyncStream.makeStream(of: SimulatedLink.self)
        try network.listen(self, at: address)
    }

    func accept(_ link: SimulatedLink) { continuation.yield(link) }

    func run(_ serve: @escaping @Sendable (any Link) async -> Void) async {
        await withDiscardingTaskGroup { group in
            for await link in links { group.addTask { await serve(link) } }
            network.close(self, at: address)
            group.cancelAll()
        }
    }
}

/// How a simulated process lets others reach it.
struct SimulatedPorts: PortOpener {
    let network: SimulatedNetwork
    let life: Life
    let peer: Peer

    func listen(on address: NetworkAddress) async throws -> any LinkListener {
        try life.pass()
        return try SimulatedListener(life, as: peer, network, at: address)
    }
}
