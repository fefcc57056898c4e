import HoldfastModel

/// The real driver: libpq for questions and orders, `pg_dump` and `pg_restore` for content.
package struct PostgresServer: DatabaseServer {
    let tools: PostgresTools
    let temporaryDirectory: String

    /// - Parameter temporaryDirectory: where the tools' password files lie while they run; of this process alone, so that
    ///   what a killed one left can be told and removed.
    package init(tools: PostgresTools = PostgresTools(), temporaryDirectory: String = "/tmp") {
        self.tools = tools
        self.temporaryDirectory = temporaryDirectory
    }

    /// Removes what tools of a process that was killed left, passwords among it. Only for whoever knows that none runs.
    package func removeLeftovers() { ToolDirectory.removeAll(in: temporaryDirectory) }

    package func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
        let session = try await PostgresSession.connectMaintenance(login)
        return try await session.oid(of: name).map { StagedDatabase(oid: $0, name: name) }
    }

    package func confirm(_ login: DatabaseLogin, oid: UInt32) async throws {
        let session = try await PostgresSession.connect(login)
        let found = try await session.rows(
            "SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()"
        ).first?.oid(0)
        guard found == oid else {
            throw HoldfastError(
                .conflict,
                "\(login.address) leads to the database of OID \(found ?? 0), and should to that of OID \(oid)")
        }
    }
}
