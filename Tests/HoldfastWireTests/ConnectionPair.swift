import HoldfastModel
import HoldfastTestKit
import HoldfastWire

/// Runs both ends of a connection over memory for as long as `body` takes.
func withConnections(
    handlers: Handlers = TestHandlers.make(), peer: Peer = .operator("test"),
    limits: ConnectionLimits = ConnectionLimits(), wrap: (MemoryLink) -> any Link = { $0 },
    _ body: (_ dialer: Connection, _ listener: Connection) async throws -> Void
) async throws {
    let ends = MemoryLink.pair(dialer: peer)
    let dialer = Connection(link: wrap(ends.dialer), side: .dialer, limits: limits, time: WireTestTime())
    let listener = Connection(
        link: ends.listener, side: .listener, handlers: handlers, limits: limits, time: WireTestTime())
    try await withThrowingDiscardingTaskGroup { group in
        group.addTask { try? await dialer.run() }
        group.addTask { try? await listener.run() }
        do {
            try await body(dialer, listener)
            group.cancelAll()
        } catch {
            group.cancelAll()
            throw error
        }
    }
}

/// Whoever answers it decides how.
struct Knock: Message {
    static let name = "knock"
    typealias Reply = Done
}
