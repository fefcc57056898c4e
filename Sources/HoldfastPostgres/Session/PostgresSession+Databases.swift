import HoldfastModel

extension PostgresSession {
    /// The OID of the database of that name; nil where there is none.
    func oid(of name: String) async throws -> UInt32? {
        try await rows("SELECT oid FROM pg_catalog.pg_database WHERE datname = $1", [name]).first?.oid(0)
    }

    func name(of oid: UInt32) async throws -> String? {
        try await rows("SELECT datname FROM pg_catalog.pg_database WHERE oid = $1::oid", [String(oid)]).first?.text(0)
    }

    /// Ends every other session in those databases that this role may end.
    func endSessions(in databases: [UInt32]) async throws {
        // Taken one by one: a session that may not be ended must not save those after it.
        let list = databases.map(String.init).joined(separator: ",")
        let sessions = try await rows(
            """
            SELECT pid FROM pg_catalog.pg_stat_activity \
            WHERE datid IN (\(list)) AND pid <> pg_catalog.pg_backend_pid()
            """)
        for session in sessions {
            do {
                _ = try await rows("SELECT pg_catalog.pg_terminate_backend($1::int)", [try session.text(0)])
            } catch let error as HoldfastError where error.code == .permissionDenied {
                continue
            }
        }
    }

    /// Runs a statement that needs a database to itself, while `helper` ends the sessions in the way. The server waits five
    /// seconds for them; new ones wait for the statement.
    func run(_ statement: String, endingSessionsIn databases: [UInt32], with helper: PostgresSession) async throws {
        try start(statement)
        var ended = ContinuousClock.now - .seconds(1)
        while try await !isDone(), !Task.isCancelled {
            guard ended.duration(to: .now) > .milliseconds(100) else { continue }
            try await helper.endSessions(in: databases)
            ended = .now
        }
        _ = try await results()
    }

    /// Takes the lock named by the job; it is let go of with the session.
    /// - Throws: `busy` where another session holds it for longer than `seconds`.
    func lock(job: JobID, seconds: Int) async throws {
        // FNV-1a, so that every node and version finds the same number.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "holdfast:\(job)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        try await run("SET lock_timeout = '\(seconds)s'")
        do {
            _ = try await rows("SELECT pg_catalog.pg_advisory_lock($1::bigint)", [String(Int64(bitPattern: hash))])
        } catch let error as HoldfastError where error.code == .busy {
            throw error.during("another swap of the job \(job) is still under way")
        }
        try await run("SET lock_timeout = 0")
    }
}
