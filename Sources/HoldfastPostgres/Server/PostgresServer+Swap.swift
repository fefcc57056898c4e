package import HoldfastModel

extension PostgresServer {
    /// How often renames are tried against sessions that keep coming back.
    private static let renameAttempts = 4
    /// How long the server keeps a transaction whose client has fallen silent, and so the longest wait for a lost swap.
    static let silenceSeconds = 60

    package func side(of item: SwapItem, job: JobID) async throws -> SwapSide {
        let session = try await PostgresSession.connectMaintenance(item.login)
        try await session.lock(job: job, seconds: Self.silenceSeconds + 30)
        return try await Self.side(of: item, session)
    }

    private static func side(of item: SwapItem, _ session: PostgresSession) async throws -> SwapSide {
        let found = try await session.oid(of: item.login.address.database)
        if found == item.live { return .old }
        if found == item.staged { return .new }
        let live = try await session.name(of: item.live)
        let staged = try await session.name(of: item.staged)
        throw HoldfastError(
            .needsAttention,
            """
            \(item.login.address): the name belongs to neither the old database (OID \(item.live), now \
            \(live.map { "called “\($0.printable())”" } ?? "gone")) nor the new one (OID \(item.staged), now \
            \(staged.map { "called “\($0.printable())”" } ?? "gone")), so somebody renamed or replaced it. Rename the one \
            that should be live to “\(item.login.address.database.printable())”, then resume the job
            """)
    }

    package func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
        var groups: [PostgresSwap.Group] = []
        var warnings: [String] = []
        for items in Self.byServer(items) {
            guard let login = items.first?.login else { continue }
            let session = try await PostgresSession.connectMaintenance(login)
            let helper = try await PostgresSession.connectMaintenance(login)
            try await session.lock(job: job, seconds: Self.silenceSeconds + 30)
            for item in items where try await Self.side(of: item, session) == .new {
                throw HoldfastError(.conflict, "\(login.address): the swap is already done")
            }
            // A client that dies or is cut off must not keep everybody waiting.
            try await session.run(
                """
                SET idle_in_transaction_session_timeout = '\(Self.silenceSeconds)s'; \
                SET lock_timeout = '10s'; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
                """)
            warnings += try await exchangeNames(of: items, job: job, session, helper)
            groups.append(PostgresSwap.Group(items: items, session: session))
        }
        return PostgresSwap(server: self, job: job, groups: groups, warnings: warnings)
    }

    /// The items of each server and role, in the order of their OIDs, so that two jobs never wait for each other.
    private static func byServer(_ items: [SwapItem]) -> [[SwapItem]] {
        var groups: [[SwapItem]] = []
        for item in items {
            let login = item.login.at(database: "")
            if let index = groups.firstIndex(where: { $0.first?.login.at(database: "") == login }) {
                groups[index].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups.map { $0.sorted { $0.live < $1.live } }
    }

    /// Leaves the session in a transaction in which every name is exchanged.
    private func exchangeNames(
        of items: [SwapItem], job: JobID, _ session: PostgresSession, _ helper: PostgresSession
    ) async throws -> [String] {
        var attempt = 1
        while true {
            do {
                try await session.run("BEGIN")
                var warnings: [String] = []
                for item in items {
                    warnings += try await exchange(item, job: job, session, helper)
                }
                return warnings
            } catch let error as HoldfastError where error.code == .busy && attempt < Self.renameAttempts {
                attempt += 1
                try await session.run("ROLLBACK")
            }
        }
    }

    private func exchange(
        _ item: SwapItem, job: JobID, _ session: PostgresSession, _ helper: PostgresSession
    ) async throws -> [String] {
        let name = item.login.address.database
        guard let stagedName = try await session.name(of: item.staged) else {
            throw HoldfastError(
                .notFound, "\(item.login.address): the staged database of OID \(item.staged) is gone; restore again")
        }
        let live = try await DatabaseFacts.properties(of: name, session)
        let staged = try await DatabaseFacts.properties(of: stagedName, session)
        // Several databases of one job on one server each need a name of their own for the old content.
        let kept = Self.keptName(job, stagedName: stagedName)
        for (from, to, oid) in [(name, kept, item.live), (stagedName, name, item.staged)] {
            try await session.run(
                "ALTER DATABASE \(SQL.identifier(from)) RENAME TO \(SQL.identifier(to))", endingSessionsIn: [oid],
                with: helper)
        }
        guard staged.comment == Self.stagedComment else { return [] }
        var warnings: [String] = []
        for statement in InheritedProperties(live: live).statements(for: name, present: staged) {
            try await session.run("SAVEPOINT holdfast")
            if let refusal = try await session.refusal(of: statement) {
                try await session.run("ROLLBACK TO SAVEPOINT holdfast")
                warnings.append("Not carried over to the new database: \(statement.printable()): \(refusal.message)")
            }
        }
        return warnings
    }

    /// `hf_<job>_new2` is answered by `hf_<job>_old2`.
    static func keptName(_ job: JobID, stagedName: String) -> String {
        let base = StagingNames.stagedDatabase(job)
        let suffix = stagedName.hasPrefix(base) ? stagedName.dropFirst(base.count) : ""
        return StagingNames.keptDatabase(job) + suffix
    }
}
