package import HoldfastModel
package import HoldfastPostgres

extension ModelDatabaseDriver {
    /// How long one waits for the lock of a replacement that was lost.
    private static let lockPatience = Duration.seconds(90)
    private static let emptyPatience = Duration.seconds(15)

    package func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        let (session, _) = try await connect(item.login)
        defer { close(session, item.login) }
        try await order(.read, in: session, item.login) { try Self.insistOwn(item, $0) }
        _ = try ModelDump.content(of: try await Self.whole(source))
        return LoadReport()
    }

    package func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap {
        let login = item.login
        let session = try await lock(item)
        // From here on its end is the session's.
        let swap = ModelDatabaseReplacement(driver: self, item: item, session: session)
        try await order(.exchange, login, patience: Self.emptyPatience, busy: "others use the database") {
            state -> Void? in
            try state.hear(session, at: time.uptime)
            return state.beginReplacing(item.oid, by: session, at: time.uptime) ? () : nil
        }
        // Read while it is locked, as the script of the real one is.
        let content = try ModelDump.content(of: try await Self.whole(source))
        for (table, rows) in content.tables.sorted(by: { $0.key < $1.key }) {
            try await order(.loadTable, in: session, login) { state in
                state.sessions[session]?.replacement?.content.tables[table] = rows
            }
        }
        let differences = Self.differences(of: content, tables: counts.tables, largeObjects: counts.largeObjects)
        guard differences.isEmpty else {
            throw HoldfastError(
                .checkFailed,
                "\(login.address): what was loaded is not what was backed up: \(differences.joined(separator: "; "))")
        }
        swap.transaction = try await order(.seal, in: session, login) { state in
            state.seal(Self.mark(item), by: session)
        }
        return swap
    }

    package func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
        let session = try await lock(item)
        defer { close(session, item.login) }
        return try await order(.read, in: session, item.login) { state in
            let isMarked = state.databases[item.oid]?.marks.contains(Self.mark(item)) == true
            guard let transaction, !isMarked, state.committed.contains(transaction) else {
                return isMarked ? .new : .old
            }
            throw HoldfastError(
                .needsAttention,
                "\(item.login.address): transaction \(transaction) was committed, and what it marked is not there")
        }
    }

    package func confirm(_ item: InPlaceItem) async throws {
        try await confirm(item.login, oid: item.oid)
        try await order(.unmark, item.login) { state in _ = state.databases[item.oid]?.marks.remove(Self.mark(item)) }
    }

    private static func mark(_ item: InPlaceItem) -> String { StagingNames.stagedDatabase(item.job) }

    /// A session in the database that has the job's lock. A transaction that replaces the content keeps nobody from
    /// connecting.
    private func lock(_ item: InPlaceItem) async throws -> Int {
        let session = try await order(.connect, item.login) { state in
            try Self.insistOwn(item, state)
            return state.open(self.session(item.login, in: item.oid))
        }
        do {
            try await order(.lock, item.login, patience: Self.lockPatience, busy: "the job's lock is taken") {
                state -> Void? in
                try state.hear(session, at: time.uptime)
                return state.lock(item.job, by: session) ? () : nil
            }
            return session
        } catch let error as HoldfastError where error.code == .busy {
            close(session, item.login)
            throw HoldfastError(.unavailable, error.message)
        } catch {
            close(session, item.login)
            throw error
        }
    }

    private static func insistOwn(_ item: InPlaceItem, _ state: ModelDatabaseState) throws {
        let found = state.database(called: item.login.address.database)?.oid
        guard found == item.oid else {
            throw HoldfastError(
                .needsAttention,
                "\(item.login.address) is the database of OID \(found ?? 0), and the restore is into \(item.oid)")
        }
    }

    private static func whole(_ source: DumpSource) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await source() { bytes += piece }
        return bytes
    }
}
