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
        return Outcome(.checked(identities, warnings: warnings))
    }
}

extension Office {
    /// Has a worker look at a restore's destination, and adds what only the coordinator knows.
    func check(_ context: RestoreContext, on node: NodeID) async throws -> CheckReport {
        let checks = zip(context.targets, zip(context.purposes, context.contents)).map { target, rest in
            CheckServices.Check(target: target, purpose: rest.0, manifest: rest.1.manifest)
        }
        let source = CheckServices.Source(project: context.project.id, keys: context.keys, terms: context.terms)
        let needsSource = checks.contains { $0.manifest != nil }
        var report = try await call(node, CheckServices(services: checks, source: needsSource ? source : nil))
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
        return report
    }
}

extension StageServices.Content {
    fileprivate var manifest: ObjectName? {
        if case .part(_, let manifest, _, _, _) = self { manifest } else { nil }
    }
}
