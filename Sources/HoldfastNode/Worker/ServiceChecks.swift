import HoldfastArchive
import HoldfastModel
import HoldfastPostgres
import HoldfastWire

/// Looks at services without changing anything. What is wrong is a problem of the report.
struct ServiceChecks {
    let resources: WorkerResources

    func run(_ message: CheckServices) async throws -> CheckReport {
        var reports: [CheckReport.ServiceReport] = []
        for check in message.services {
            try Task.checkCancellation()
            switch check.target.location {
            case .database: reports.append(try await database(check, message.source))
            case .media(let path):
                let inspection = MediaInspection(roots: resources.mediaRoots, node: resources.store.node)
                reports.append(inspection.report(on: check.target.service, path: path, purpose: check.purpose))
            }
        }
        return CheckReport(services: reports)
    }

    private func database(
        _ check: CheckServices.Check, _ source: CheckServices.Source?
    ) async throws -> CheckReport.ServiceReport {
        var report = CheckReport.ServiceReport(service: check.target.service)
        let login: DatabaseLogin
        do {
            login = try resources.login(check.target)
        } catch {
            report.problems.append(.init(.error, error.code, error.message))
            return report
        }
        var facts: HoldfastPostgres.DatabaseFacts?
        do {
            facts = try await recordedFacts(check, source)
        } catch let error as HoldfastError where !error.isWorthRepeating && error.code != .cancelled {
            report.problems.append(
                .init(.error, error.code, "The backup's manifest can't be read: \(error.message)"))
        }
        let found = try await resources.databases.inspect(login, for: purpose(check.purpose, facts))
        report.identity = found.identity
        report.bytes = found.facts?.bytes
        report.facts = found.findings
        report.problems += found.problems
        if found.isInPlace { report.isInPlace = true }
        return report
    }

    /// What the backup says of its database; nil where no backup is restored.
    private func recordedFacts(
        _ check: CheckServices.Check, _ source: CheckServices.Source?
    ) async throws -> HoldfastPostgres.DatabaseFacts? {
        guard let source, let manifest = check.manifest else { return nil }
        let reader = try await ManifestReader.open(
            source: resources.router(source.project, source.terms), keys: try ProjectKeys(serialized: source.keys),
            project: source.project, name: manifest)
        return try RecordedFacts.read(reader.summary.facts)
    }

    private func purpose(
        _ purpose: CheckServices.Purpose, _ facts: HoldfastPostgres.DatabaseFacts?
    ) -> InspectionPurpose {
        switch purpose {
        case .capture: .capture
        case .exchange: .exchange
        case .restore(_, .database(let counts), _, let isForeign):
            .restore(serverVersion: counts.serverVersion, facts: facts, fromAnotherProject: isForeign)
        case .restore(_, .media, _, let isForeign):
            .restore(serverVersion: nil, facts: nil, fromAnotherProject: isForeign)
        }
    }
}
