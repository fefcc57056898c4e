/// What an action can't go on without, though nothing is wrong: a place in the queue, a node that is gone, another job that is
/// at work here. The action is begun again once `wait` returns, and that doesn't count as an attempt.
struct Obstacle: Error {
    /// What becomes of the job's place meanwhile.
    enum Kind: Sendable {
        /// It has none yet.
        case queue
        /// It has none yet, and its node is not here.
        case queuedForNode
        /// It is given back, and the job keeps its turn.
        case absence
        /// It is kept: the other job has its own place, or needs none, so it ends.
        case otherJob
    }

    /// For people: “node berlin-1”, “job 06bqzf3k2m1x”.
    let description: String
    var kind = Kind.absence
    let wait: @Sendable () async throws -> Void
}
