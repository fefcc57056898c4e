import HoldfastCatalog
import HoldfastModel
import HoldfastWire

/// What a restore's steps need to know, looked up anew for each of them.
struct RestoreContext: Sendable {
    let plan: RestorePlan
    let destination: Environment
    /// In the order of the plan's mappings.
    let targets: [ServiceTarget]
    /// The project whose content it is.
    let project: Project
    let keys: Secret
    let terms: PlacementTerms
    let contents: [StageServices.Content]
    let purposes: [CheckServices.Purpose]

    /// - Throws: `checkFailed` or `notFound` where source or destination isn't there any more.
    static func load(_ plan: RestorePlan, job: JobID, _ office: Office) async throws -> RestoreContext {
        let destination = try await office.environments.record(plan.destination).value
        let opener = ServiceTargets(environment: destination, clusterKey: office.clusterKey)
        let targets = try plan.mappings.map { try opener.target($0.to) }
        let source: RestoreSource
        switch plan.source {
        case .backup(let id): source = try await .backup(id, plan, job: job, office)
        case .kept(let earlier): source = try await .kept(earlier, plan, office)
        }
        let actor = await office.projects[source.project.name]
        return RestoreContext(
            plan: plan, destination: destination, targets: targets, project: source.project,
            keys: try await actor.keys(of: source.project),
            terms: await office.termsForReading(source.project.policy),
            contents: source.contents, purposes: source.purposes)
    }

    func stages(of saga: RestoreSaga) -> [StageServices.Stage] {
        zip(targets, zip(saga.identities, contents)).map { target, rest in
            StageServices.Stage(
                target: target, identity: rest.0, content: rest.1,
                isInPlace: saga.inPlace?.contains(target.service) == true ? true : nil)
        }
    }

    var source: CheckServices.Source { CheckServices.Source(project: project.id, keys: keys, terms: terms) }
}

/// Where a restore's content comes from; one entry for each of the plan's mappings.
struct RestoreSource: Sendable {
    let project: Project
    let contents: [StageServices.Content]
    let purposes: [CheckServices.Purpose]

    static func backup(
        _ id: BackupID, _ plan: RestorePlan, job: JobID, _ office: Office
    ) async throws -> RestoreSource {
        guard let backup = try await office.catalog.get(Backup.self, id)?.value else {
            throw HoldfastError(.notFound, "There is no backup \(id)")
        }
        guard backup.state == .complete else {
            throw HoldfastError(
                .checkFailed, "Backup \(id) is \(backup.state.rawValue); only a complete one can be restored")
        }
        let project = try await office.projects[backup.environment.project].record(backup.project).value
        let destinationProject = try await office.projects[plan.destination.project].record().value
        let isForeign = project.id != destinationProject.id
        var contents: [StageServices.Content] = []
        var purposes: [CheckServices.Purpose] = []
        for mapping in plan.mappings {
            guard let part = backup.parts.first(where: { $0.service == mapping.from }) else {
                throw HoldfastError(.checkFailed, "Backup \(id) has no part \(mapping.from)")
            }
            contents.append(
                .part(
                    service: part.service, manifest: part.manifest, references: part.references, counts: part.counts,
                    fromAnotherProject: isForeign))
            purposes.append(
                .restore(
                    job: job, counts: part.counts, bytes: part.sizes.logicalBytes, fromAnotherProject: isForeign))
        }
        return RestoreSource(project: project, contents: contents, purposes: purposes)
    }

    static func kept(_ earlier: JobID, _ plan: RestorePlan, _ office: Office) async throws -> RestoreSource {
        let job = try await office.catalog.get(Job.self, earlier)?.value
        guard case .restore(let saga)? = job?.machine else {
            throw HoldfastError(.notFound, "There is no restore \(earlier)")
        }
        let contents = try plan.mappings.map { mapping in
            guard let staged = saga.staged.first(where: { $0.service == mapping.to }) else {
                throw HoldfastError(.checkFailed, "Restore \(earlier) did not touch \(mapping.to)")
            }
            return StageServices.Content.kept(job: earlier, staged)
        }
        let project = try await office.projects[plan.destination.project].record().value
        return RestoreSource(
            project: project, contents: contents, purposes: contents.map { _ in CheckServices.Purpose.exchange })
    }
}
