import CPostgres
import Glibc
import HoldfastModel

/// One connection to a server, used by one task at a time. Letting go of it closes it, and a transaction with it.
///
/// Nothing blocks for longer than `slice`, and other tasks run in between; a task that is cancelled has the server cancel
/// its query.
final class PostgresSession {
    private static let slice: Int32 = 20
    private static let connectLimit = Duration.seconds(10)
    /// How long a server may take to act on a cancel before the session is given up.
    private static let cancelLimit = Duration.seconds(10)

    let address: DatabaseAddress
    let connection: OpaquePointer

    private init(connection: OpaquePointer, address: DatabaseAddress) {
        self.connection = connection
        self.address = address
    }

    deinit { PQfinish(connection) }

    /// Connects, and sets what all our sessions have: no search path, no row security, no timeouts, and no COMMIT that is
    /// answered before it is durable.
    static func connect(_ login: DatabaseLogin) async throws -> PostgresSession {
        PostgresEnvironment.clean
        let address = login.address
        let parameters = [
            "host": address.host, "port": String(address.port), "dbname": address.database, "user": address.user,
            "sslmode": address.sslMode, "password": login.password?.revealed ?? "",
            // Without these libpq would look into the home directory of whoever runs the node, and log in with what the
            // person keeps there; that is not for whoever owns a project.
            "passfile": PostgresEnvironment.noFile, "sslcert": PostgresEnvironment.noFile, "gssencmode": "disable",
            "application_name": "holdfast", "client_encoding": "UTF8",
            "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            // What was sent and never acknowledged would otherwise be waited for a quarter of an hour.
            "tcp_user_timeout": "60000",
        ].sorted { $0.key < $1.key }
        // A database's name may look like a connection string; it is not expanded (the last argument).
        let started = withCStrings(parameters.map(\.key)) { keys in
            withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keys, values, 0) }
        }
        guard let connection = started else { throw HoldfastError(.internal, "libpq has no memory for a connection") }
        let session = PostgresSession(connection: connection, address: address)
        try await session.finishConnecting()
        // The first of them alone and at once: a database may have a timeout that the others would take longer than.
        try await session.run(
            """
            SET statement_timeout = 0; \
            SELECT pg_catalog.set_config(name, CASE name WHEN 'search_path' THEN '' WHEN 'row_security' THEN 'off' \
            WHEN 'standard_conforming_strings' THEN 'on' WHEN 'synchronous_commit' THEN 'on' ELSE '0' END, false) \
            FROM pg_catalog.pg_settings WHERE name = 'synchronous_commit' AND setting = 'off' OR name IN ('search_path', 'row_security', 'standard_conforming_strings', 'statement_timeout', \
            'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')
            """)
        return session
    }

    /// The maintenance database is where databases are made, renamed and dropped, and where a job's locks are taken: the
    /// same one for every session of a job, as advisory locks are a database's own.
    static func connectMaintenance(_ login: DatabaseLogin) async throws -> PostgresSession {
        // A database can't be renamed by a session in it.
        guard login.address.database != "postgres" else { return try await connect(login.at(database: "template1")) }
        do {
            return try await connect(login.at(database: "postgres"))
        } catch let error as HoldfastError where error.code == .notFound || error.code == .permissionDenied {
            return try await connect(login.at(database: "template1"))
        }
    }

    var isBroken: Bool { PQstatus(connection) != CONNECTION_OK }
    /// The process at the server.
    var backend: Int32 { PQbackendPID(connection) }
    var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }
    var serverMajor: Int { Int(PQserverVersion(connection)) / 10000 }

    // MARK: Queries

    /// Runs one statement with its parameters, given and taken as text.
    func rows(_ statement: String, _ parameters: [String?] = []) async throws -> [PostgresRow] {
        try Task.checkCancellation()
        let sent = withOptionalCStrings(parameters) { values in
            PQsendQueryParams(connection, statement, Int32(parameters.count), nil, values, nil, nil, 0)
        }
        guard sent == 1 else { throw failure(state: "08006") }
        return try await results()
    }

    /// Runs one or several statements.
    func run(_ statements: String) async throws {
        try start(statements)
        _ = try await results()
    }

    /// Runs a statement that the server may well refuse. - Returns: why it did; nil where it took it.
    func refusal(of statement: String) async throws -> HoldfastError? {
        do {
            try await run(statement)
            return nil
        } catch let error as HoldfastError where !isBroken && error.code != .cancelled {
            return error
        }
    }

    /// Sends statements whose results `isDone` and `results` await.
    func start(_ statements: String) throws {
        try Task.checkCancellation()
        guard PQsendQuery(connection, statements) == 1 else { throw failure(state: "08006") }
    }

    /// Whether the results of `start` are there; waits at most a slice for them.
    func isDone() async throws -> Bool {
        guard PQisBusy(connection) == 1 else { return true }
        _ = Self.poll(PQsocket(connection), for: Int16(POLLIN))
        guard PQconsumeInput(connection) == 1 else { throw failure(state: "08006") }
        await Task.yield()
        return PQisBusy(connection) == 0
    }

    /// All rows of all statements under way, or the first error.
    func results() async throws -> [PostgresRow] {
        var rows: [PostgresRow] = []
        var firstError: HoldfastError?
        while let result = try await nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK: rows += Self.rows(of: result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: lastCommand = String(cString: PQcmdStatus(result))
            default: firstError = firstError ?? error(of: result)
            }
        }
        try Task.checkCancellation()
        if let firstError { throw firstError }
        return rows
    }

    func error(of result: OpaquePointer) -> HoldfastError {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        return PostgresFailure.error(
            state: state ?? "08006", message: String(cString: PQresultErrorMessage(result)), at: address)
    }

    /// The tag of the last command that gave no rows, such as `COMMIT`.
    private(set) var lastCommand = ""

    func nextResult() async throws -> OpaquePointer? {
        var cancelledAt: ContinuousClock.Instant?
        while try await !isDone() {
            guard Task.isCancelled else { continue }
            if let cancelledAt {
                guard cancelledAt.duration(to: .now) < Self.cancelLimit else { throw CancellationError() }
            } else {
                cancelledAt = .now
                cancelQuery()
            }
        }
        return PQgetResult(connection)
    }

    private func cancelQuery() {
        guard let cancel = PQgetCancel(connection) else { return }
        defer { PQfreeCancel(cancel) }
        var reason = [CChar](repeating: 0, count: 256)
        PQcancel(cancel, &reason, 256)
    }

    private static func rows(of result: OpaquePointer) -> [PostgresRow] {
        let columns = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            PostgresRow(
                values: (0..<columns).map { column in
                    guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else {
                        return nil
                    }
                    return String(cString: value)
                })
        }
    }

    // MARK: Connecting

    private func finishConnecting() async throws {
        // The verbose form is the only one in which libpq tells the SQLSTATE of a refused login.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        let start = ContinuousClock.now
        var wish = PGRES_POLLING_WRITING
        while PQstatus(connection) != CONNECTION_BAD, wish != PGRES_POLLING_OK, wish != PGRES_POLLING_FAILED {
            try Task.checkCancellation()
            guard start.duration(to: .now) < Self.connectLimit else {
                throw HoldfastError(
                    .unavailable,
                    "\(address): no answer within \(Self.connectLimit); check host, port and firewalls")
            }
            let events = wish == PGRES_POLLING_READING ? POLLIN : POLLOUT
            if Self.poll(PQsocket(connection), for: Int16(events)) { wish = PQconnectPoll(connection) }
            await Task.yield()
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            throw PostgresFailure.error(
                state: PostgresFailure.state(in: message), message: message, at: address)
        }
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
    }

    func failure(state: String) -> HoldfastError {
        PostgresFailure.error(state: state, message: String(cString: PQerrorMessage(connection)), at: address)
    }

    static func poll(_ descriptor: Int32, for events: Int16) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        return Glibc.poll(&entry, 1, slice) > 0
    }
}

private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    withOptionalCStrings(texts, body)
}

/// Calls `body` with the texts as a C array that ends in a null.
private func withOptionalCStrings<Result>(
    _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    let copies = texts.map { $0.map { strdup($0) } ?? nil }
    defer { for copy in copies { free(copy) } }
    return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
}
