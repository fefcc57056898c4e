import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// Another project's dump runs its author's code, so it is loaded by no role that reaches out of its database.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct ForeignDumpTests {
    private let driver = ThrowawayPostgres.driver

    private func isRefused(_ role: String, _ setUp: String) async throws -> Bool {
        let server = try await SharedPostgres.server()
        try await SampleDatabase.role(role, "LOGIN CREATEDB PASSWORD 'sesame'", on: server)
        if !setUp.isEmpty { try await server.sql(setUp) }
        let login = server.login("postgres", user: role, password: "sesame")
        let problems = try await driver.inspect(login, for: .foreignDump).problems
        #expect(problems.allSatisfy { $0.code == .permissionDenied && $0.severity == .error })
        return !problems.isEmpty
    }

    @Test func anOrdinaryRoleMayLoadIt() async throws {
        #expect(try await !isRefused("foreign_plain", ""))
        #expect(
            try await !isRefused(
                "foreign_member", "CREATE ROLE foreign_group; GRANT foreign_group TO foreign_member"))
        #expect(try await !isRefused("foreign_reader", "GRANT pg_read_all_data TO foreign_reader"))
    }

    @Test(arguments: [
        ("super", "ALTER ROLE foreign_super SUPERUSER"),
        ("program", "GRANT pg_execute_server_program TO foreign_program"),
        ("writer", "GRANT pg_write_server_files TO foreign_writer"),
        ("files", "GRANT pg_read_server_files TO foreign_files"),
        // `pg_restore` becomes the database's owner by SET ROLE, so what a role can become counts, inherited or not.
        ("deputy", "CREATE ROLE foreign_boss SUPERUSER NOCREATEROLE; GRANT foreign_boss TO foreign_deputy"),
        ("noinherit", "ALTER ROLE foreign_noinherit NOINHERIT; GRANT postgres TO foreign_noinherit"),
        (
            "far",
            """
            CREATE ROLE foreign_near NOINHERIT; GRANT pg_execute_server_program TO foreign_near;
            GRANT foreign_near TO foreign_far
            """
        ),
    ])
    func aRoleThatReachesTheServerMayNot(_ name: String, _ setUp: String) async throws {
        #expect(try await isRefused("foreign_\(name)", setUp))
    }

    /// Before PostgreSQL 16 it may grant itself what the refused ones have.
    @Test func aRoleThatMakesRolesMayNot() async throws {
        let server = try await SharedPostgres.server()
        let version = Int(try await server.sql("SHOW server_version_num")) ?? 0
        #expect(try await isRefused("foreign_maker", "ALTER ROLE foreign_maker CREATEROLE") == (version < 160000))
    }
}
