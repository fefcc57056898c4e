package import HoldfastModel

/// How the coordinator reaches nodes.
package protocol NodeCalls: Sendable {
    /// Throws `unavailable` where the node isn't connected or goes away before it answers.
    func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> M.Reply

    /// The same for a message that is answered with bulk, given piece by piece: who takes one slowly slows the node.
    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> M.Reply
}

extension NodeCalls {
    package func call<M: Message>(_ node: NodeID, _ message: M) async throws -> M.Reply {
        try await call(node, message, onEvent: { _ in })
    }
}
