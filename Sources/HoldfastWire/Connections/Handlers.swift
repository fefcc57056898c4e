import HoldfastModel

/// What a process answers: for each message, who may send it and what is done.
package struct Handlers: Sendable {
    typealias Handler = @Sendable ([UInt8], Connection, StreamID) async throws -> [UInt8]

    private struct Registration: Sendable {
        var allow: Set<PeerKind>
        var handle: Handler
    }

    private var registrations: [String: Registration] = [:]

    package init() {}

    /// Registers the handler of a message. It runs in a task of its own, which is cancelled when the caller cancels or
    /// the connection ends; what it throws crosses the wire as `HoldfastError`.
    ///
    /// - Precondition: the message has no handler yet.
    package mutating func on<M: Message>(
        _ type: M.Type, allow: Set<PeerKind>,
        _ handle: @escaping @Sendable (M, HandlerContext<M>) async throws -> M.Reply
    ) {
        precondition(registrations[M.name] == nil, "\(M.name) has a handler already")
        precondition((1...FrameLimits.messageName).contains(M.name.utf8.count))
        registrations[M.name] = Registration(allow: allow) { body, connection, stream in
            let message = try WireJSON.value(M.self, from: body, "message \(M.name)")
            let reply = try await handle(message, HandlerContext(connection: connection, stream: stream))
            return try WireJSON.bytes(of: reply, "reply to \(M.name)")
        }
    }

    func handler(of name: String, for peer: Peer) throws(HoldfastError) -> Handler {
        guard let registration = registrations[name] else {
            throw HoldfastError(
                .unsupported,
                "The message “\(name.printable(limit: 64))” is not known here; is one side an older version?")
        }
        guard registration.allow.contains(peer.kind) else {
            throw HoldfastError(.permissionDenied, "\(name) is not for \(peer).")
        }
        return registration.handle
    }
}
