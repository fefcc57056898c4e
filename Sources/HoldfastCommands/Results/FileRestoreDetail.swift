package import HoldfastModel

/// A restore of one file or directory.
package struct FileRestoreDetail: Hashable, Codable, Sendable {
    package var job: JobID
    package var backup: BackupID
    package var path: String
    package var destination: EnvironmentReference
    package var service: ServiceReference
    package var status: Job.Status
    /// What was put there, once it is.
    package var report: FileRestoreReport?
    package var failure: HoldfastError?

    /// Nil for a job of another kind.
    package init?(of job: Job) {
        guard case .fileRestore(let machine) = job.machine else { return nil }
        self.job = job.id
        (backup, path) = (machine.plan.backup, machine.plan.path)
        (destination, service) = (machine.plan.destination, machine.plan.service)
        status = job.status
        if case .finished(let report) = machine.ending { self.report = report }
        failure = job.machine.failure
    }

    package init(
        job: JobID, backup: BackupID, path: String, destination: EnvironmentReference, service: ServiceReference,
        status: Job.Status, report: FileRestoreReport?
    ) {
        self.job = job
        self.backup = backup
        self.path = path
        self.destination = destination
        self.service = service
        self.status = status
        self.report = report
    }
}
