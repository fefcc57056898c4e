/// One order of a client to a `ModelDatabaseServer`, as faults see it: once before it reaches the server, and once when it
/// is done and the answer is on its way.
package struct ModelDatabaseStep: Hashable, Sendable, CustomStringConvertible {
    package enum Call: String, Sendable {
        case connect, read, create, open, loadTable, dumpTable, rename, drop, lock, exchange, seal, keepAlive,
            commit, rollback, unmark
    }

    package enum Phase: String, Sendable { case asked, answered }

    package var call: Call
    /// The server's host.
    package var host: String
    /// The name of the database that it is about.
    package var database: String
    package var phase: Phase

    package var description: String { "\(call) \(database) \(phase)" }
}

/// What a fault throws for an asked `commit` that the server gets and carries out only later: the client loses its
/// connection meanwhile.
package struct LateCommit: Error {
    package var delay: Duration

    package init(after delay: Duration) { self.delay = delay }
}
