package import HoldfastModel
package import HoldfastPostgres

/// `DatabaseServer` on models: how one process reaches them. The calls mean what they do with `PostgresServer`, step by step.
package struct ModelDatabaseDriver: DatabaseServer {
    /// By `host:port`.
    let servers: [String: ModelDatabaseServer]
    let time: any TimeSource
    let alive: @Sendable () throws -> Void
    let deathShows: Bool
    let during: @Sendable (ModelDatabaseStep) async throws -> Void

    /// - Parameters:
    ///   - alive: throws once the process is dead; what it asks for then has no effect.
    ///   - deathShows: false for a process whose machine fails with it, so that servers notice only by its silence.
    ///   - during: called before each order reaches a server, and before its answer reaches the process. It may take time;
    ///     what it throws is the client's error, and its connection is lost.
    package init(
        servers: [String: ModelDatabaseServer], time: any TimeSource,
        alive: @escaping @Sendable () throws -> Void = {}, deathShows: Bool = true,
        during: @escaping @Sendable (ModelDatabaseStep) async throws -> Void = { _ in }
    ) {
        (self.servers, self.time, self.alive, self.deathShows, self.during) = (servers, time, alive, deathShows, during)
    }

    // MARK: Orders

    func server(_ login: DatabaseLogin) throws -> ModelDatabaseServer {
        let place = "\(login.address.host):\(login.address.port)"
        guard let server = servers[place] else {
            throw HoldfastError(.unavailable, "\(login.address): can't connect (nothing listens at \(place))")
        }
        return server
    }

    /// One order and its answer.
    func order<Result>(
        _ call: ModelDatabaseStep.Call, _ login: DatabaseLogin, _ body: (inout ModelDatabaseState) throws -> Result
    ) async throws -> Result {
        try await order(call, login, patience: .zero, busy: "") { try body(&$0) }
    }

    /// One order that the server keeps waiting as long as `body` gives nil.
    /// - Throws: `busy` where that lasts longer than `patience`.
    func order<Result>(
        _ call: ModelDatabaseStep.Call, _ login: DatabaseLogin, patience: Duration, busy: String,
        _ body: (inout ModelDatabaseState) throws -> Result?
    ) async throws -> Result {
        var step = ModelDatabaseStep(
            call: call, host: login.address.host, database: login.address.database, phase: .asked)
        try alive()
        try await during(step)
        try alive()
        let server = try server(login)
        let start = time.uptime
        while true {
            if let result = try server.access(body) {
                step.phase = .answered
                try await during(step)
                try alive()
                return result
            }
            guard time.uptime - start < patience else { throw HoldfastError(.busy, "\(login.address): \(busy)") }
            try await time.sleep(for: .milliseconds(200))
            try alive()
        }
    }

    /// A session in the maintenance database, or in the login's own.
    func session(_ login: DatabaseLogin, in database: UInt32?) -> ModelDatabaseState.Session {
        .init(alive: alive, deathShows: deathShows, database: database, lastHeard: time.uptime)
    }

    /// Connects to the login's database; waits while a transaction renames it.
    func connect(_ login: DatabaseLogin) async throws -> (session: Int, database: ModelDatabase) {
        let name = login.address.database
        var awaited: UInt32?
        return try await order(.connect, login, patience: .seconds(600), busy: "no connection in ten minutes") {
            state in
            guard let database = state.database(called: name), awaited == nil || awaited == database.oid else {
                throw HoldfastError(.notFound, "\(login.address): there is no such database (any more)")
            }
            awaited = database.oid
            guard state.transaction(on: database.oid) == nil else { return nil }
            guard database.isOpen else {
                throw HoldfastError(.toolFailed, "\(login.address): the database is not accepting connections")
            }
            return (state.open(session(login, in: database.oid)), database)
        }
    }

    /// A dead process closes nothing any more: the server notices by itself.
    func close(_ session: Int, _ login: DatabaseLogin) {
        guard (try? alive()) != nil, let server = try? server(login) else { return }
        // A broken connection can't be closed; what was sent on it is still carried out.
        server.state.withLock { if $0.sessions[session]?.isLost == false { $0.end(session) } }
    }

    /// An order within a session.
    func order<Result>(
        _ call: ModelDatabaseStep.Call, in session: Int, _ login: DatabaseLogin,
        _ body: (inout ModelDatabaseState) throws -> Result
    ) async throws -> Result {
        try await order(call, login) { state in
            try state.hear(session, at: time.uptime)
            return try body(&state)
        }
    }

    // MARK: Questions

    package func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
        try await order(.read, login) { state in
            state.database(called: name).map { StagedDatabase(oid: $0.oid, name: $0.name) }
        }
    }

    package func confirm(_ login: DatabaseLogin, oid: UInt32) async throws {
        let (session, database) = try await connect(login)
        close(session, login)
        guard database.oid == oid else {
            throw HoldfastError(
                .conflict,
                "\(login.address) leads to the database of OID \(database.oid), and should to that of OID \(oid)")
        }
    }

    package func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection {
        var inspection = DatabaseInspection()
        do {
            let (session, database) = try await connect(login)
            close(session, login)
            let server = try server(login)
            let facts = facts(of: database, on: server)
            inspection.facts = facts
            inspection.identity = .database(system: server.system, oid: database.oid, name: database.name)
            inspection.findings = [.init("server", "PostgreSQL \(server.version)")]
            if case .restore = purpose { inspection.isInPlace = database.isAlone }
            if case .restore(let version, let recorded, _) = purpose,
                let major = (version ?? recorded?.serverVersion).flatMap({ Int($0.prefix { $0.isNumber }) }),
                major > server.major
            {
                inspection.problems.append(
                    .init(.error, .unsupported, "\(login.address): a dump can't go into an older server"))
            }
        } catch is CancellationError {
            throw HoldfastError(CancellationError())
        } catch {
            let error = HoldfastError(error)
            inspection.problems.append(.init(.error, error.code, error.message))
        }
        return inspection
    }

    func facts(of database: ModelDatabase, on server: ModelDatabaseServer) -> DatabaseFacts {
        DatabaseFacts(
            serverVersion: server.version, serverMajor: server.major, system: server.system, oid: database.oid,
            name: database.name, locale: database.locale, owner: "app", grants: nil, comment: nil,
            tablespace: "pg_default", connectionLimit: -1,
            settings: database.properties.sorted { $0.key < $1.key }.map {
                DatabaseSetting(role: nil, name: $0.key, value: $0.value)
            }, extensions: [], roles: ["app"], bytes: Int64(8192 * (1 + database.content.rows)))
    }

    package func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        let target = login.at(database: staged.name)
        let (session, database) = try await connect(target)
        close(session, target)
        guard database.oid == staged.oid else {
            throw HoldfastError(.conflict, "\(target.address) is not the database of OID \(staged.oid)")
        }
        return Self.differences(of: database.content, tables: tables, largeObjects: largeObjects)
    }

    static func differences(of content: ModelTables, tables: [DumpTable], largeObjects: Int) -> [String] {
        var differences: [String] = []
        for table in tables {
            let rows = content.tables[table.name]?.count
            if rows.map(Int64.init) != table.rows {
                differences.append("\(table.name) has \(rows ?? 0) rows and should have \(table.rows)")
            }
        }
        if largeObjects != 0 { differences.append("there are 0 large objects and should be \(largeObjects)") }
        return differences
    }
}

extension ModelDatabaseDriver {
    /// The session's connection breaks.
    /// - Parameter late: how long from now the server carries out the COMMIT that it has already received.
    func lose(_ session: Int, _ login: DatabaseLogin, late: Duration?) {
        guard let server = try? server(login) else { return }
        server.state.withLock { state in
            state.sessions[session]?.isLost = true
            if let late { state.sessions[session]?.commitAt = time.uptime + late }
        }
    }
}
