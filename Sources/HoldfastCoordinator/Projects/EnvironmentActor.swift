package import HoldfastModel

/// One environment: which jobs are at work on it, as its machine decides.
package actor EnvironmentActor {
    private var machine = EnvironmentMachine()
    private var signals: [EnvironmentMachine.Entry: Signal] = [:]

    /// - Throws: `busy` where the job may not be here together with those that are.
    package func admit(_ job: JobID, _ kind: Job.Kind) throws(HoldfastError) { try machine.admit(job, kind) }

    /// Begins what must not overlap with others.
    ///
    /// - Throws: `Obstacle` naming the job in the way.
    package func enter(_ activity: EnvironmentMachine.Activity, _ job: JobID) throws {
        let entry = EnvironmentMachine.Entry(job: job, activity: activity)
        guard let other = machine.enter(entry) else {
            signals[entry] = nil
            return
        }
        let signal = signals[entry] ?? Signal()
        signals[entry] = signal
        throw Obstacle(description: "job \(other)", kind: .otherJob) { try await signal.wait() }
    }

    package func leave(_ activity: EnvironmentMachine.Activity, _ job: JobID) {
        wake(machine.leave(EnvironmentMachine.Entry(job: job, activity: activity)))
    }

    /// The job has ended, or keeps nothing but old content.
    package func dismiss(_ job: JobID) { wake(machine.dismiss(job)) }

    /// Runs `removal` while no job can come in.
    ///
    /// - Throws: `busy` while a job is open here.
    package func remove(_ removal: @Sendable () async throws -> Void) async throws {
        try machine.beginRemoval()
        defer { machine.endRemoval() }
        try await removal()
    }

    private func wake(_ entries: [EnvironmentMachine.Entry]) {
        for entry in entries { signals.removeValue(forKey: entry)?.send() }
    }
}
