/// What the receiver of an error may do about it.
package enum RetryClass: String, Codable, Sendable {
    /// The same request will fail again.
    case never
    /// The same request may succeed after a while.
    case later
    /// Another node, or the leader, may do what this one can't.
    case elsewhere
}
