import HoldfastCatalog
import HoldfastModel

extension Office {
    /// Creates the job that repairs a project; the caller sets to work on it.
    ///
    /// - Throws: `busy` while the project is being repaired.
    func startRepair(of project: Project, author: String) async throws -> Job {
        let job = Job(
            id: identifier(), project: project.id, environment: .all(of: project.name), author: author, createdAt: now,
            machine: .repair(RepairMachine()))
        try await retryingConflicts {
            try await create(job, "repair \(project.name), by \(author)", try await standing(project))
        }
        return job
    }

    /// The newest repairs of a project that have ended, the newest first.
    func lastRepair(of project: Project) async throws -> (job: Job, report: RepairReport)? {
        let jobs = try await catalog.list(
            Job.self, group: EnvironmentReference.all(of: project.name).description, descending: true, limit: 20)
        for job in jobs.map(\.value) where job.project == project.id {
            if case .repair(let machine) = job.machine, case .finished(let report) = machine.ending {
                return (job, report)
            }
        }
        return nil
    }
}
