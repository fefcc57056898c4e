import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit

/// What the lies told to one node process rest on.
final class Deceit: @unchecked Sendable {
    // Touched by the executor's one thread.
    /// Whether the databases are known to have their old side, so that media have to go back to theirs.
    private(set) var isKnownOld = false
    private var hasForgottenList = false

    /// True once: what a process of another time has noted of an exchange is not there.
    func forgetsList() -> Bool {
        defer { hasForgottenList = true }
        return !hasForgottenList
    }

    /// The databases as the process is to see them.
    func databases(_ server: any DatabaseServer, _ variant: Variant) -> any DatabaseServer {
        var watched = WatchedDatabases(server)
        switch variant {
        case .takesSideForOld: watched.side = { _ in .old }
        case .trustsCommit: watched.committed = { _ in .success(.new) }
        case .leavesNewMedia:
            watched.side = { side in
                self.isKnownOld = side == .old
                return side
            }
            watched.prepared = { self.isKnownOld = false }
            watched.committed = { answer in
                if case .success(.old) = answer { self.isKnownOld = true }
                return answer
            }
        default: return server
        }
        return watched
    }
}
