import HoldfastModel

extension PostgresServer {
    package func inspect(
        _ login: DatabaseLogin, for purpose: InspectionPurpose
    ) async throws -> DatabaseInspection {
        var inspection = DatabaseInspection()
        do {
            let session = try await PostgresSession.connect(login)
            let facts = try await DatabaseFacts.read(session)
            inspection.facts = facts
            inspection.identity = facts.system.map { .database(system: $0, oid: facts.oid, name: facts.name) }
            inspection.findings = [
                CheckReport.Fact("server", "PostgreSQL \(facts.serverVersion)"),
                CheckReport.Fact("encoding", "\(facts.locale.encoding), \(facts.locale.collation)"),
                CheckReport.Fact("owner", facts.owner),
            ]
            if facts.system == nil {
                inspection.problems.append(
                    .init(
                        .error, .permissionDenied,
                        """
                        \(login.address): the role “\(login.address.user)” may not call pg_control_system(), which tells \
                        this server from others: GRANT EXECUTE ON FUNCTION pg_control_system() TO \
                        \(SQL.identifier(login.address.user))
                        """))
            }
            var examination = Examination(login: login, session: session, facts: facts)
            inspection.problems += try await examination.problems(for: purpose, tools: tools)
            inspection.isInPlace = examination.isInPlace
        } catch is CancellationError {
            throw HoldfastError(CancellationError())
        } catch {
            let error = HoldfastError(error)
            inspection.problems.append(.init(.error, error.code, error.message))
        }
        return inspection
    }
}
