import HoldfastModel

/// A message to the peer. Every form throws the handler's error as it was given, `unavailable` when the connection ends
/// first, `tooLarge` when the message is over 64 KiB of JSON, and `malformed` when the reply isn't what the message
/// promises. Cancelling the calling task cancels the handler's.
///
/// The closures run in the caller's task or children of it, not on the connection.
extension Connection {
    /// For messages without bulk; what bulk the handler sends nonetheless is dropped.
    package nonisolated func call<M: Message>(
        _ message: M, onEvent: (M.Event) async -> Void = { _ in }
    ) async throws -> M.Reply {
        let body = try WireJSON.bytes(of: message, "message \(M.name)")
        let stream = try await open(name: M.name, body: body, ends: true, discardsBulk: true)
        do {
            let reply = try await answer(to: M.self, on: stream, onEvent: onEvent)
            await release(stream)
            return reply
        } catch {
            await release(stream)
            throw error
        }
    }

    /// Sends bulk with a message.
    ///
    /// A reply that comes before `sending` has ended makes the writer throw, and counts nonetheless.
    package nonisolated func call<M: Message>(
        _ message: M, onEvent: @escaping @Sendable (M.Event) async -> Void = { _ in },
        sending: @escaping @Sendable (BulkWriter) async throws -> Void
    ) async throws -> M.Reply {
        try await converse(message, onEvent: onEvent, sending: sending, receiving: nil as NoReceiver?).0
    }

    /// Receives bulk with the reply; `receiving` need not read to the end.
    package nonisolated func call<M: Message, Received: Sendable>(
        _ message: M, onEvent: @escaping @Sendable (M.Event) async -> Void = { _ in },
        receiving: @escaping @Sendable (BulkReader) async throws -> Received
    ) async throws -> (reply: M.Reply, received: Received) {
        try await both(converse(message, onEvent: onEvent, sending: nil, receiving: receiving))
    }

    /// Sends and receives bulk at once.
    package nonisolated func call<M: Message, Received: Sendable>(
        _ message: M, onEvent: @escaping @Sendable (M.Event) async -> Void = { _ in },
        sending: @escaping @Sendable (BulkWriter) async throws -> Void,
        receiving: @escaping @Sendable (BulkReader) async throws -> Received
    ) async throws -> (reply: M.Reply, received: Received) {
        try await both(converse(message, onEvent: onEvent, sending: sending, receiving: receiving))
    }

    private typealias NoReceiver = @Sendable (BulkReader) async throws -> Never

    private nonisolated func both<Reply, Received>(
        _ outcome: (Reply, Received?)
    ) throws -> (reply: Reply, received: Received) {
        guard let received = outcome.1 else {
            throw HoldfastError(.internal, "A receiver of bulk ended without a result.")
        }
        return (outcome.0, received)
    }

    private enum Part<Reply: Sendable, Received: Sendable>: Sendable {
        case reply(Reply)
        case sent
        case received(Received)
    }

    private nonisolated func converse<M: Message, Received: Sendable>(
        _ message: M, onEvent: @escaping @Sendable (M.Event) async -> Void,
        sending: (@Sendable (BulkWriter) async throws -> Void)?,
        receiving: (@Sendable (BulkReader) async throws -> Received)?
    ) async throws -> (M.Reply, Received?) where M.Reply: Sendable {
        let body = try WireJSON.bytes(of: message, "message \(M.name)")
        let stream = try await open(
            name: M.name, body: body, ends: sending == nil, discardsBulk: receiving == nil)
        do {
            let outcome = try await withThrowingTaskGroup(of: Part<M.Reply, Received>.self) { group in
                group.addTask { .reply(try await self.answer(to: M.self, on: stream, onEvent: onEvent)) }
                if let sending {
                    group.addTask {
                        try await self.send(on: stream, sending)
                        return .sent
                    }
                }
                if let receiving {
                    group.addTask {
                        let received = try await receiving(BulkReader(connection: self, stream: stream))
                        await self.discardBulk(stream)
                        return .received(received)
                    }
                }
                var outcome: (M.Reply?, Received?)
                for try await part in group {
                    switch part {
                    case .reply(let reply): outcome.0 = reply
                    case .sent: break
                    case .received(let received): outcome.1 = received
                    }
                }
                return outcome
            }
            await release(stream)
            guard let reply = outcome.0 else { throw HoldfastError(.internal, "\(M.name) ended without a reply.") }
            return (reply, outcome.1)
        } catch {
            // The peer's own error explains more than what it made our writer or reader throw.
            let cause = await failure(of: stream)
            await release(stream)
            throw cause ?? error
        }
    }

    private nonisolated func send(
        on stream: StreamID, _ sending: @Sendable (BulkWriter) async throws -> Void
    ) async throws {
        do {
            try await sending(BulkWriter(connection: self, stream: stream))
            await finishBulk(stream)
        } catch {
            // Where the handler needed no more, its reply decides.
            guard await isAnswered(stream) else { throw error }
        }
    }

    private nonisolated func answer<M: Message>(
        to type: M.Type, on stream: StreamID, onEvent: (M.Event) async -> Void
    ) async throws -> M.Reply {
        while true {
            switch try await nextMessage(stream) {
            case .event(let body): await onEvent(try WireJSON.value(M.Event.self, from: body, "event of \(M.name)"))
            case .reply(let body): return try WireJSON.value(M.Reply.self, from: body, "reply to \(M.name)")
            }
        }
    }
}
