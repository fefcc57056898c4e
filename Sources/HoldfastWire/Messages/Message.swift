/// A request that one process sends to another, with the reply it gets.
///
/// A stream carries one message: its JSON body opens the stream; the side that answers may then send events (JSON), and
/// each side bulk (raw bytes); the reply or an error ends it. Bodies, events and replies are at most 64 KiB; what grows with data is bulk.
package protocol Message: Codable, Sendable {
    /// What the side that answers sends before its reply, such as progress.
    associatedtype Event: Codable & Sendable = NoEvent
    associatedtype Reply: Codable & Sendable

    /// The name on the wire: `put-object`. Once released, its meaning is fixed.
    static var name: String { get }
}

/// The event of a message that has none; never sent.
package struct NoEvent: Codable, Sendable {}

/// The reply of a message that only succeeds or fails.
package struct Done: Codable, Hashable, Sendable {
    package init() {}
}
