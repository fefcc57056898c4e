/// What an action can't go on without, though nothing is wrong: a node that is gone, another job that is at work here. The
/// action is begun again once `wait` returns, and that doesn't count as an attempt.
struct Obstacle: Error {
    /// For people: “node berlin-1”, “job 06bqzf3k2m1x”.
    let description: String
    let wait: @Sendable () async throws -> Void
}
