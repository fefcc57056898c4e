package import HoldfastModel

/// The jobs that somebody is at work on now.
package actor RunningJobs {
    private var drivers: [JobID: any RunningJob] = [:]
    /// Those that were given more to do while their driver was about to end.
    private var again: Set<JobID> = []

    package init() {}

    /// Sets to work on an open job, unless somebody is already.
    package func start(_ job: Job, in office: Office) {
        guard job.machine.isAtWork, job.machine.attention == nil else { return }
        guard drivers[job.id] == nil else {
            again.insert(job.id)
            return
        }
        let driver: any RunningJob =
            switch job.machine {
            case .backup: JobDriver(job.id, BackupJob(job, office), office)
            case .restore(let saga): JobDriver(job.id, RestoreRunner(job, saga, office), office)
            case .verify: JobDriver(job.id, VerifyJob(job, office), office)
            case .collect: JobDriver(job.id, CollectJob(job, office), office)
            case .download: JobDriver(job.id, DownloadJob(job, office), office)
            case .repair: JobDriver(job.id, RepairJob(job, office), office)
            case .fileRestore: JobDriver(job.id, FileRestoreJob(job, office), office)
            }
        drivers[job.id] = driver
        office.supervisor.start {
            repeat { await driver.run() } while await self.mustGoOn(job.id)
            await office.feeds.close(job.id)
        }
    }

    package func isRunning(_ job: JobID) -> Bool { drivers[job] != nil }

    /// Asks the job to end; false where nobody is at work on it.
    package func cancel(_ job: JobID) -> Bool {
        guard let driver = drivers[job] else { return false }
        driver.cancel()
        return true
    }

    private func mustGoOn(_ job: JobID) -> Bool {
        if again.remove(job) != nil, !Task.isCancelled { return true }
        drivers[job] = nil
        return false
    }
}

/// A driver of some kind of job.
package protocol RunningJob: Sendable {
    func run() async
    /// Calls the job off as soon as its machine allows it.
    func cancel()
}
