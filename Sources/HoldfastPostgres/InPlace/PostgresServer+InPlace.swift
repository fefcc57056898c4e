package import HoldfastModel

extension PostgresServer {
    package func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
        let session = try await Self.locked(item)
        let marks = Set(
            try await session.rows(
                "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname IN ($1, $2)", [item.mark, item.denial]
            ).map { try $0.text(0) })
        if marks.contains(item.mark) { return .new }
        guard let transaction, !marks.contains(item.denial) else { return .old }
        let status: String?
        do {
            status = try await session.rows("SELECT pg_catalog.pg_xact_status($1::xid8)", [String(transaction)])
                .first?.optional(0)
        } catch let error as HoldfastError where error.code == .toolFailed {
            // “is in the future”: the server is behind what it was, as a copy of it may be.
            return .old
        }
        switch status {
        case "committed":
            throw HoldfastError(
                .needsAttention,
                """
                \(item.login.address): the server says that transaction \(transaction), which replaced the content, was \
                committed, and the schema \(item.mark) that it made is not there: somebody dropped it, or the server was \
                set back. Look at the database: where it has the new content, CREATE SCHEMA \(SQL.identifier(item.mark)); \
                where it has the old one, CREATE SCHEMA \(SQL.identifier(item.denial)); then resume the job
                """)
        case "in progress":
            throw HoldfastError(.unavailable, "\(item.login.address): transaction \(transaction) has not ended yet")
        // Rolled back; or so long ago that the server no longer knows, and then what it would have made decides.
        default: return .old
        }
    }

    package func confirm(_ item: InPlaceItem) async throws {
        try await confirm(item.login, oid: item.oid)
        let session = try await PostgresSession.connect(item.login)
        try await session.run("SET lock_timeout = '10s'; SET client_min_messages = error")
        for name in [item.mark, item.denial] {
            try await session.run("DROP SCHEMA IF EXISTS \(SQL.identifier(name))")
        }
    }

    /// A session in the database that holds the job's lock, so that no transaction of the job is under way.
    static func locked(_ item: InPlaceItem) async throws -> PostgresSession {
        let session = try await PostgresSession.connect(item.login)
        let found = try await session.rows(
            "SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()"
        ).first?.oid(0)
        guard found == item.oid else {
            throw HoldfastError(
                .needsAttention,
                """
                \(item.login.address) leads to the database of OID \(found ?? 0), and the restore is into that of OID \
                \(item.oid), so somebody renamed or replaced it. Rename that one back, then resume the job
                """)
        }
        do {
            try await session.lock(job: item.job, seconds: silenceSeconds + 30)
        } catch let error as HoldfastError where error.code == .busy {
            throw HoldfastError(.unavailable, error.message)
        }
        return session
    }
}
