import HoldfastModel
import HoldfastWire

extension Office {
    /// Calls a node. Where the node is gone, that is an obstacle; an `unavailable` that a connected node answers with is
    /// about something else, such as a database server, and an error like any other.
    func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @escaping @Sendable (M.Event) async -> Void = { _ in }
    ) async throws -> M.Reply {
        try await reaching(node) { try await nodes.call(node, message, onEvent: onEvent) }
    }

    /// The same with bulk both ways.
    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: [UInt8]
    ) async throws -> (reply: M.Reply, received: [UInt8]) {
        try await reaching(node) { try await nodes.call(node, message, bulk: bulk) }
    }

    private func reaching<Answer>(_ node: NodeID, _ call: () async throws -> Answer) async throws -> Answer {
        try ledger.requireOffice()
        let before = await nodes.link(to: node)
        do {
            return try await call()
        } catch let error as HoldfastError where error.code == .unavailable {
            let after = await nodes.link(to: node)
            if let before, let after, before === after { throw error }
            let name = await registry.name(of: node)?.text ?? node.text
            throw Obstacle(description: "node \(name)") { try await nodes.wait(for: node) }
        }
    }

    func order(for job: JobID) -> Order { Order(epoch: ledger.epoch, job: job) }
}
