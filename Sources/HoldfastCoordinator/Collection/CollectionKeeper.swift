import HoldfastCatalog
import HoldfastModel
import Logging

/// Begins collections by itself: of each project once a day, and of all of them, at most once an hour, while the disk of
/// some node is nearly full.
package struct CollectionKeeper: Sendable {
    static let author = "holdfast"
    /// Collections at work at the same time; those that wait for something don't count.
    private static let limit = 4

    let office: Office

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await office.time.sleep(for: office.configuration.collectionLook)
            guard !Task.isCancelled else { return }
            do {
                try await look()
            } catch {
                office.logger.error("Looking for projects to collect: \(HoldfastError(error))")
            }
        }
    }

    /// Sets to work on some of the projects that are due; those that are left come next time.
    package func look() async throws {
        let atWork = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
            .count { $0.kind == .collect && $0.status == .running }
        for project in try await due().prefix(max(0, Self.limit - atWork)) {
            do {
                let job = try await office.startCollection(of: project, author: Self.author)
                await office.jobs.start(job, in: office)
            } catch let error as HoldfastError where error.code == .busy {
                continue
            }
        }
    }

    private func due() async throws -> [Project] {
        let now = office.clock.now
        let isShort = await office.registry.isSpaceShort
        let interval = isShort ? office.configuration.collectionWhenShort : office.configuration.collectionInterval
        var due: [Project] = []
        for project in try await office.catalog.all(Project.self).map(\.value) {
            let last = try await office.catalog.list(
                Job.self, group: EnvironmentReference.all(of: project.name).description, descending: true, limit: 1)
            let job = last.first.map(\.value).flatMap { $0.project == project.id ? $0 : nil }
            let wait = job?.hasMoreToRewrite == true ? office.configuration.collectionWhenShort : interval
            if (job?.createdAt ?? project.createdAt).duration(to: now) >= wait { due.append(project) }
        }
        return due
    }
}

extension Job {
    /// A collection that copied as much as it may, and left more.
    fileprivate var hasMoreToRewrite: Bool {
        guard case .collect(let machine) = machine, case .finished(let report) = machine.ending else { return false }
        return report.rewriting?.isPartial ?? false
    }
}
