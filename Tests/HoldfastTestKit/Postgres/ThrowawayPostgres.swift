import Glibc
import HoldfastModel
package import HoldfastPostgres
import Subprocess

/// A PostgreSQL server of a test's own, on the loopback and a free port, gone when the test is done.
///
/// The cluster is made once per process and copied. Where the tests run as root the server runs as `postgres`, as it
/// refuses to run as root. It is stopped when its process dies with ours, whatever kills us.
package struct ThrowawayPostgres: Sendable {
    /// The superuser, who logs in with `superuserPassword`.
    package static let superuser = "postgres"
    package static let superuserPassword = "sesame"
    /// The newest server of Debian's packages, or what `HOLDFAST_TEST_POSTGRES` names.
    package static let binaries: String = {
        if let named = getenv("HOLDFAST_TEST_POSTGRES") { return String(cString: named) }
        let installed = (10...30).reversed().lazy.map { "/usr/lib/postgresql/\($0)/bin" }
        return installed.first { access("\($0)/postgres", X_OK) == 0 } ?? "/usr/lib/postgresql/15/bin"
    }()
    /// A driver whose tools are the server's own.
    package static let driver = PostgresServer(tools: PostgresTools(directories: [binaries]))

    package let port: Int
    package let directory: String

    package static var isAvailable: Bool { access("\(binaries)/postgres", X_OK) == 0 }

    /// A server for the length of `body`. Tests that need no settings of their own use `SharedPostgres`, which is quicker.
    package static func run<Result>(
        settings: [String] = [], _ body: (ThrowawayPostgres) async throws -> Result
    ) async throws -> Result {
        let server = try await start(settings: settings)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    /// - Parameter settings: such as `max_connections=20`. Whoever starts a server stops it.
    package static func start(settings: [String] = []) async throws -> ThrowawayPostgres {
        let directory = try makeDirectory()
        try await PostgresTemplate.shared.copy(to: "\(directory)/data")
        for attempt in 1...5 {
            let server = ThrowawayPostgres(port: try freePort(), directory: directory)
            do {
                try await server.launch(settings)
                return server
            } catch  where attempt < 5 {
                // Another process may have taken the port meanwhile.
                continue
            }
        }
        throw HoldfastError(.unavailable, "No throw-away PostgreSQL could be started in \(directory)")
    }

    package func stop() async {
        _ = try? await Self.tool(
            ["\(Self.binaries)/pg_ctl", "-D", "\(directory)/data", "-m", "immediate", "-w", "stop"])
        _ = try? await Self.tool(["rm", "-rf", directory])
    }

    package func login(
        _ database: String, user: String = superuser, password: String? = superuserPassword
    ) -> DatabaseLogin {
        DatabaseLogin(
            address: DatabaseAddress(
                host: "127.0.0.1", port: port, database: database, user: user, sslMode: "disable"),
            password: password.map { Secret($0) })
    }

    /// Runs SQL through `psql`. - Returns: what it prints, unaligned and without headings.
    @discardableResult
    package func sql(
        _ text: String, in database: String = "postgres", as user: String = superuser,
        password: String = superuserPassword
    ) async throws -> String {
        let result = try await Subprocess.run(
            .name("psql"),
            arguments: ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            environment: environment(database, user, password), input: .string(text), output: .string(limit: 16 << 20),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw HoldfastError(.toolFailed, "psql: \(result.standardError)")
        }
        return result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "\n")
    }

    /// The database as plain SQL, the same text for the same content.
    package func plainDump(of database: String, options: [String] = []) async throws -> String {
        let result = try await Subprocess.run(
            .name("pg_dump"), arguments: Arguments(["--restrict-key=same"] + options),
            environment: environment(database), output: .string(limit: 256 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw HoldfastError(.toolFailed, "pg_dump: \(result.standardError)")
        }
        return result.standardOutput
    }

    private func environment(
        _ database: String, _ user: String = superuser, _ password: String = superuserPassword
    ) -> Subprocess.Environment {
        .custom([
            "PATH": Self.binaries, "PGHOST": "127.0.0.1", "PGPORT": String(port), "PGUSER": user,
            "PGPASSWORD": password, "PGDATABASE": database, "LC_ALL": "C",
            "PGCLIENTENCODING": "UTF8",
        ])
    }

    /// Starts a server again that was killed.
    package func relaunch(settings: [String] = []) async throws { try await startServer(settings) }

    private func launch(_ settings: [String]) async throws {
        try await startServer(settings)
        try await Self.watch(directory)
    }

    private func startServer(_ settings: [String]) async throws {
        // `-k` takes at most some hundred bytes, so directories are short.
        var options = ["-p \(port)", "-k \(directory)", "-c listen_addresses=127.0.0.1"]
        options +=
            (["fsync=off", "full_page_writes=off", "max_prepared_transactions=5", "wal_level=logical"] + settings)
            .map { "-c \($0)" }
        try await Self.tool([
            "\(Self.binaries)/pg_ctl", "-D", "\(directory)/data", "-l", "\(directory)/log", "-w", "-t", "30", "-o",
            options.joined(separator: " "), "start",
        ])
    }
}
