import HoldfastModel
import HoldfastWire

extension RestoreRunner {
    func check() async throws -> Outcome<RestoreSaga.Event> {
        let context = try await context()
        let report = try await office.check(context, on: plan.node)
        let problems = report.problems.filter { $0.severity == .error }
        guard problems.isEmpty else {
            throw HoldfastError(
                .checkFailed,
                "\(plan.destination) can't be restored to: \(problems.map(\.message).joined(separator: "; "))")
        }
        let identities = try plan.mappings.map { mapping in
            guard let identity = report.services.first(where: { $0.service == mapping.to })?.identity else {
                throw HoldfastError(
                    .checkFailed, "What \(mapping.to) of \(plan.destination) physically is could not be told")
            }
            return identity
        }
        var warnings = Warnings()
        for service in report.services {
            var found = Warnings()
            for problem in service.problems { found.add(problem.message) }
            warnings.add(found, on: service.service)
        }
        return Outcome(.checked(identities, inPlace: report.inPlace, warnings: warnings))
    }
}

extension Office {
    /// Has a worker look at a restore's destination, and adds what only the coordinator knows.
    func check(_ context: RestoreContext, on node: NodeID) async throws -> CheckReport {
        let checks = zip(context.targets, zip(context.purposes, context.contents)).map { target, rest in
            CheckServices.Check(target: target, purpose: rest.0, manifest: rest.1.manifest)
        }
        let needsSource = checks.contains { $0.manifest != nil }
        var report = try await call(node, CheckServices(services: checks, source: needsSource ? context.source : nil))
        if let region = await registry.region(of: node), let allowed = context.project.policy.allowedRegions,
            !allowed.contains(region), !report.services.isEmpty
        {
            report.services[0].problems.append(
                CheckReport.Problem(
                    .error, .checkFailed,
                    """
                    the destination is in region \(region), and the policy of project \(context.project.name) allows its \
                    data only in \(allowed.map(\.text).joined(separator: ", "))
                    """))
        }
        addInPlace(context.plan, &report)
        return report
    }

    /// Where a service's content is replaced in place nothing of the old one is kept by a swap, and the COMMIT that decides
    /// can't be repeated without loading anew.
    private func addInPlace(_ plan: RestorePlan, _ report: inout CheckReport) {
        guard let service = report.inPlace.first,
            let index = report.services.firstIndex(where: { $0.service == service })
        else { return }
        if plan.safetyBackup == nil {
            report.services[index].problems.append(
                CheckReport.Problem(
                    .error, .checkFailed,
                    """
                    the content of \(service) is replaced in place and its old content not kept, so there has to be a safety \
                    backup: restore without --without-safety
                    """))
        }
        let databases = plan.mappings.map(\.to).filter { $0.kind == .database }
        if databases.count > 1 {
            report.services[index].problems.append(
                CheckReport.Problem(
                    .error, .checkFailed,
                    """
                    the content of \(service) is replaced in place, which is decided by a transaction of its own, so it \
                    can't be restored together with another database: restore \
                    \(databases.map(\.description).joined(separator: ", ")) one by one
                    """))
        }
    }
}

extension StageServices.Content {
    fileprivate var manifest: ObjectName? {
        if case .part(_, let manifest, _, _, _) = self { manifest } else { nil }
    }
}
