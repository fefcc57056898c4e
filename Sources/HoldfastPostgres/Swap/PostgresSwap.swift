package import HoldfastModel

/// A swap under way: on each server one session that holds the job's lock and an open transaction with both renames of
/// each database.
package final class PostgresSwap: DatabaseSwap {
    /// The items of one server and role, in one transaction.
    struct Group {
        var items: [SwapItem]
        var session: PostgresSession
    }

    package private(set) var warnings: [String]
    private let server: PostgresServer
    private let job: JobID
    private(set) var groups: [Group]

    init(server: PostgresServer, job: JobID, groups: [Group], warnings: [String]) {
        self.server = server
        self.job = job
        self.groups = groups
        self.warnings = warnings
    }

    package func keepAlive() async throws {
        for group in groups { try await group.session.run("SELECT 1") }
    }

    package func commit() async throws -> SwapSide {
        var sides: Set<SwapSide> = []
        var failure: HoldfastError?
        while let group = groups.first {
            // Once one server has committed, the others only go forward; before that, the first failure ends it.
            if sides == [.old] { break }
            groups.removeFirst()
            do {
                sides.insert(try await commit(group))
            } catch {
                failure = HoldfastError(error)
                break
            }
        }
        groups.removeAll()
        guard failure == nil, sides.count == 1, let side = sides.first else {
            throw failure
                ?? HoldfastError(
                    .unavailable, "The swap is decided and not yet done on every server; it has to be repeated")
        }
        return side
    }

    package func rollback() async {
        for group in groups { try? await group.session.run("ROLLBACK") }
        groups.removeAll()
    }

    private func commit(_ group: Group) async throws -> SwapSide {
        do {
            try await group.session.run("COMMIT")
            // A transaction that had failed is rolled back by COMMIT, without an error.
            return group.session.lastCommand == "COMMIT" ? .new : .old
        } catch {
            // Whether the server got it is not known: a new session asks, under the lock, so after the old one has ended
            // or, where it lives and COMMIT was refused, has let go of it.
            guard let item = group.items.first else { throw error }
            try? await group.session.run("SELECT pg_catalog.pg_advisory_unlock_all()")
            return try await server.side(of: item, job: job)
        }
    }
}
