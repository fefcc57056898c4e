import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    /// Has a job done for one project, or for one after the other; what fails for one of several is told of that one.
    ///
    /// - Parameter name: of the only one; nil for all.
    /// - Returns: the jobs, in the order of their projects.
    func launch(
        for name: Name?, wait: Bool, _ report: @Sendable (CommandEvent) async -> Void,
        _ start: (Project) async throws -> Job
    ) async throws -> [(project: Name, job: JobID)] {
        var projects: [Project] = []
        if let name {
            projects = [try await office.projects[name].record().value]
        } else {
            projects = try await office.catalog.all(Project.self).map(\.value)
        }
        var jobs: [(project: Name, job: JobID)] = []
        for project in projects {
            let job = try await start(project)
            do {
                _ = try await launch(job, Accepted(job: job.id), wait: wait, report)
            } catch let error as HoldfastError {
                guard try await self.job(job.id).machine.failure != nil, projects.count > 1 else { throw error }
            }
            jobs.append((project.name, job.id))
        }
        return jobs
    }
}
