import HoldfastCatalog
import HoldfastModel
import Logging

/// Begins repairs by itself: of every project when nodes come or are given up, the layout changes or a scrub finds damage,
/// again after one that could not do all, and once a day in any case.
package actor RepairKeeper {
    /// Repairs at work at the same time.
    private static let limit = 2

    /// What repair depends on, besides the project's own objects.
    private struct Circumstances: Hashable {
        var layout: UInt64
        var here: Set<NodeID>
        var givenUp: Set<NodeID>
        var damaged: Int64
        var policy: PlacementPolicy
    }

    private struct Seen {
        var circumstances: Circumstances
        var job: JobID
        var at: Timestamp
    }

    private let office: Office
    private var seen: [ProjectID: Seen] = [:]

    package init(office: Office) { self.office = office }

    /// Until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            try? await office.time.sleep(for: office.configuration.repairLook)
            guard !Task.isCancelled else { return }
            do {
                try await look()
            } catch {
                office.logger.error("Looking for projects to repair: \(HoldfastError(error))")
            }
        }
    }

    /// Sets to work on some of the projects that are due; those that are left come next time.
    package func look() async throws {
        // Nodes that are about to connect to a new leader are not away.
        guard office.leaderSince.duration(to: office.now) >= office.configuration.downAfter else { return }
        let open = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value)
        var places = Self.limit - open.count { $0.kind == .repair }
        let projects = try await office.catalog.all(Project.self).map(\.value)
        seen = seen.filter { entry in projects.contains { $0.id == entry.key } }
        for project in projects where places > 0 {
            let circumstances = await circumstances(of: project)
            guard try await isDue(project, circumstances) else { continue }
            do {
                let job = try await office.startRepair(of: project, author: CollectionKeeper.author)
                await office.jobs.start(job, in: office)
                seen[project.id] = Seen(circumstances: circumstances, job: job.id, at: office.now)
                places -= 1
            } catch let error as HoldfastError where error.code == .busy {
                continue
            }
        }
    }

    private func circumstances(of project: Project) async -> Circumstances {
        let registry = office.registry
        let members = Set(await registry.all)
        return Circumstances(
            layout: await registry.layout.number, here: Set(await office.nodes.connected()).intersection(members),
            givenUp: await registry.givenUp, damaged: await registry.damagedObjects, policy: project.policy)
    }

    private func isDue(_ project: Project, _ circumstances: Circumstances) async throws -> Bool {
        // A cluster of one node has nothing to copy, and nowhere to copy it to.
        guard circumstances.here.count > 1 else { return false }
        guard let seen = seen[project.id], seen.circumstances == circumstances else { return true }
        let pause: Duration
        switch try await office.catalog.get(Job.self, seen.job)?.value.machine {
        case .repair(let machine):
            guard let ending = machine.ending else { return false }
            if case .finished(let report) = ending, report.isWhole, report.left.isEmpty {
                pause = office.configuration.repairInterval
            } else {
                pause = office.configuration.repairAgain
            }
        default: pause = office.configuration.repairAgain
        }
        return seen.at.duration(to: office.now) >= pause
    }
}
