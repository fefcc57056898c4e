import Glibc
import HoldfastModel
import Subprocess

/// A pgbouncer of a test's own in front of a throw-away server. It ends with the server's directory.
package struct ThrowawayPooler: Sendable {
    private static let program = "/usr/sbin/pgbouncer"
    package static var isAvailable: Bool { access(program, X_OK) == 0 && ThrowawayPostgres.isAvailable }

    package let port: Int
    private let directory: String

    /// - Parameter mode: pgbouncer's own word: `session`, `transaction`, `statement`.
    package static func run<Result>(
        before server: ThrowawayPostgres, mode: String, poolSize: Int,
        _ body: (ThrowawayPooler) async throws -> Result
    ) async throws -> Result {
        let pooler = ThrowawayPooler(
            port: try ThrowawayPostgres.freePort(), directory: try ThrowawayPostgres.makeDirectory())
        try pooler.configure(server, mode: mode, poolSize: poolSize)
        do {
            try await ThrowawayPostgres.tool([program, "-q", "-d", "\(pooler.directory)/settings"])
            try await pooler.waitUntilOpen()
            let result = try await body(pooler)
            try await pooler.stop()
            return result
        } catch {
            try? await pooler.stop()
            throw error
        }
    }

    /// It leaves its parent before it opens its port.
    private func waitUntilOpen() async throws {
        for _ in 0..<500 {
            if (try? await RawSocket.connect(port: port)) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw HoldfastError(.unavailable, "pgbouncer does not open port \(port)")
    }

    private func configure(_ server: ThrowawayPostgres, mode: String, poolSize: Int) throws {
        try write(
            """
            [databases]
            * = host=127.0.0.1 port=\(server.port)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = plain
            auth_file = \(directory)/users
            pool_mode = \(mode)
            default_pool_size = \(poolSize)
            ignore_startup_parameters = extra_float_digits
            query_wait_timeout = 5
            pidfile = \(directory)/pid
            logfile = \(directory)/log
            """, to: "settings")
        try write(
            "\"\(ThrowawayPostgres.superuser)\" \"\(ThrowawayPostgres.superuserPassword)\"\n", to: "users")
    }

    private func write(_ text: String, to name: String) throws {
        guard let file = fopen("\(directory)/\(name)", "w") else {
            throw HoldfastError(.inputOutput, "Can't write \(directory)/\(name)")
        }
        fputs(text, file)
        fclose(file)
        chmod("\(directory)/\(name)", 0o644)
    }

    private func stop() async throws {
        try await ThrowawayPostgres.tool(["sh", "-c", "kill -QUIT $(cat \(directory)/pid)"])
        try await ThrowawayPostgres.tool(["rm", "-rf", directory])
    }
}
