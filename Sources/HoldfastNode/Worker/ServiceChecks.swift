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
            case .database: reports.append(try await database(check))
            case .media(let path):
                let inspection = MediaInspection(roots: resources.mediaRoots, node: resources.store.node)
                reports.append(inspection.report(on: check.target.service, path: path, purpose: check.purpose))
            }
        }
        return CheckReport(services: reports)
    }

    private func database(_ check: CheckServices.Check) async throws -> CheckReport.ServiceReport {
        var report = CheckReport.ServiceReport(service: check.target.service)
        let login: DatabaseLogin
        do {
            login = try resources.login(check.target)
        } catch {
            report.problems.append(.init(.error, error.code, error.message))
            return report
        }
        let found = try await resources.databases.inspect(login, for: purpose(check.purpose))
        report.identity = found.identity
        report.bytes = found.facts?.bytes
        report.facts = found.findings
        report.problems = found.problems
        return report
    }

    private func purpose(_ purpose: CheckServices.Purpose) -> InspectionPurpose {
        switch purpose {
        case .capture: .capture
        case .exchange: .exchange
        case .restore(_, .database(let counts), _, let isForeign):
            .restore(serverVersion: counts.serverVersion, facts: nil, fromAnotherProject: isForeign)
        case .restore(_, .media, _, let isForeign):
            .restore(serverVersion: nil, facts: nil, fromAnotherProject: isForeign)
        }
    }
}
