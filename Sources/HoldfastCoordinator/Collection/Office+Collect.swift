import HoldfastCatalog
import HoldfastModel

extension Office {
    /// Creates the job that collects a project; the caller sets to work on it.
    ///
    /// - Throws: `busy` while the project is being collected.
    func startCollection(of project: Project, author: String) async throws -> Job {
        let job = Job(
            id: identifier(), project: project.id, environment: .all(of: project.name), author: author, createdAt: now,
            machine: .collect(CollectMachine()))
        try await retryingConflicts {
            try await create(job, "collect \(project.name), by \(author)", try await standing(project))
        }
        return job
    }
}
