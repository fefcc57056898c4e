import HoldfastModel
package import HoldfastPostgres

extension ModelDatabaseDriver {
    package func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
        let (session, database) = try await connect(login)
        defer { close(session, login) }
        let server = try server(login)
        let bytes = ModelDump.bytes(of: database.content, database: database.name, serverVersion: server.version)
        var framing = DumpFraming()
        var start = 0
        while start < bytes.count {
            // The snapshot stays what it was; the session may be ended at any time.
            try await order(.dumpTable, in: session, login) { _ in }
            let step = try bytes[start...].withUnsafeBytes { try framing.consume($0) }
            try await sink.write(bytes[start..<start + step.count])
            if step.mark != nil { try await sink.boundary() }
            start += step.count
        }
        try framing.finish()
        return DumpSummary(
            tables: framing.tables, largeObjects: framing.largeObjects, bytes: framing.position,
            toolVersion: server.version, facts: facts(of: database, on: server))
    }

    package func createStaged(
        beside login: DatabaseLogin, name: String, locale: DatabaseLocale
    ) async throws -> StagedDatabase {
        let oid = try await order(.create, login) { state in
            guard let live = state.database(called: login.address.database) else {
                throw HoldfastError(.notFound, "\(login.address): there is no such database")
            }
            guard !live.isAlone else {
                throw HoldfastError(.permissionDenied, "\(login.address): permission denied to create database")
            }
            if let present = state.database(called: name) {
                throw HoldfastError(
                    .alreadyExists, "\(login.address): there is already a database \(name)",
                    context: ["oid": String(present.oid)])
            }
            return state.make(name, ModelTables(), locale: locale, properties: [:], isStaged: true)
        }
        try await order(.open, login) { state in
            guard state.databases[oid]?.name == name else {
                throw HoldfastError(
                    .conflict, "\(login.address): the database \(name) was removed while it was being made")
            }
            state.databases[oid]?.isOpen = true
        }
        return StagedDatabase(oid: oid, name: name)
    }

    package func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport {
        let target = login.at(database: staged.name)
        let (session, database) = try await connect(target)
        defer { close(session, target) }
        guard database.oid == staged.oid else {
            throw HoldfastError(
                .conflict, "\(target.address) is not the database of OID \(staged.oid) that was made for this restore")
        }
        var bytes: [UInt8] = []
        while let piece = try await source() { bytes += piece }
        let content = try ModelDump.content(of: bytes)
        // Like pg_restore, which is no single transaction: who is stopped half-way leaves some tables.
        for (table, rows) in content.tables.sorted(by: { $0.key < $1.key }) {
            try await order(.loadTable, in: session, target) { state in
                guard state.databases[staged.oid]?.content.tables[table] == nil else {
                    throw HoldfastError(.toolFailed, "\(target.address): relation \"\(table)\" already exists")
                }
                state.databases[staged.oid]?.content.tables[table] = rows
            }
        }
        return LoadReport()
    }

    package func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
        try await change(.rename, staged, login) { state in
            guard let present = state.databases[staged.oid]?.name else {
                throw HoldfastError(
                    .notFound, "\(login.address): there is no database of OID \(staged.oid) (\(staged.name)) any more")
            }
            guard present != name else { return }
            try Self.insistOurs(present, staged, login)
            guard state.database(called: name) == nil else {
                throw HoldfastError(.alreadyExists, "\(login.address): database \"\(name)\" already exists")
            }
            state.endSessions(in: [staged.oid])
            state.databases[staged.oid]?.name = name
        }
    }

    package func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
        try await change(.drop, staged, login) { state in
            guard let present = state.databases[staged.oid]?.name else { return }
            try Self.insistOurs(present, staged, login)
            state.endSessions(in: [staged.oid])
            state.databases[staged.oid] = nil
        }
    }

    /// Waits while a transaction has the database.
    private func change(
        _ call: ModelDatabaseStep.Call, _ staged: StagedDatabase, _ login: DatabaseLogin,
        _ body: (inout ModelDatabaseState) throws -> Void
    ) async throws {
        try await order(call, login, patience: .seconds(600), busy: "others use the database") { state -> Void? in
            guard state.transaction(on: staged.oid) == nil else { return nil }
            return try body(&state)
        }
    }

    private static func insistOurs(_ present: String, _ staged: StagedDatabase, _ login: DatabaseLogin) throws {
        guard present == staged.name, present.hasPrefix("hf_") else {
            throw HoldfastError(
                .needsAttention,
                """
                \(login.address): the database of OID \(staged.oid) is called “\(present)” and should be \
                “\(staged.name)”; somebody renamed it, so it is left alone
                """)
        }
    }
}
