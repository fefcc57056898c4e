package import HoldfastModel

/// How the coordinator reaches nodes.
package protocol NodeCalls: Sendable {
    /// Throws `unavailable` where the node isn't connected or goes away before it answers.
    func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> M.Reply

    /// With bulk both ways, for lists of names. They share the control connection, where control goes before them.
    ///
    /// - Throws: as above; `tooLarge` where more comes than such a list may be long.
    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: [UInt8]
    ) async throws -> (reply: M.Reply, received: [UInt8])

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
