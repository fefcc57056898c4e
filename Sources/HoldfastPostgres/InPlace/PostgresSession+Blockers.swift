import HoldfastModel

extension PostgresSession {
    /// Runs a statement while `helper` ends the sessions that it waits for, as far as the role may.
    func run(_ statement: String, endingBlockersWith helper: PostgresSession) async throws {
        try start(statement)
        var looked = ContinuousClock.now
        while try await !isDone(), !Task.isCancelled {
            guard looked.duration(to: .now) > .milliseconds(200) else { continue }
            for holder in try await helper.blockers(of: backend) { try await helper.end(holder) }
            looked = .now
        }
        _ = try await results()
    }

    private func blockers(of backend: Int32) async throws -> [String] {
        try await rows(
            "SELECT DISTINCT b::text FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int)) b WHERE b <> 0",
            [String(backend)]
        ).map { try $0.text(0) }
    }

    private func end(_ backend: String) async throws {
        do {
            _ = try await rows("SELECT pg_catalog.pg_terminate_backend($1::int)", [backend])
        } catch let error as HoldfastError where error.code == .permissionDenied {
            // The wait for it is limited.
            return
        }
    }

    /// The roles of other sessions that hold locks in this database, for people.
    func holders() async throws -> String {
        try await rows(
            """
            SELECT DISTINCT COALESCE(a.usename::text, a.backend_type) FROM pg_catalog.pg_locks l \
            JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND l.locktype IN ('relation', 'object') \
            AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
            AND a.application_name <> 'holdfast' ORDER BY 1 LIMIT 10
            """
        ).map { try $0.text(0).printable() }.joined(separator: ", ")
    }
}
