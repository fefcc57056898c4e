package import HoldfastModel

/// Who is at work on which databases and trees, across environments, as its machine decides.
package actor PhysicalAccess {
    private var machine = PhysicalMachine()
    private var signals: [JobID: Signal] = [:]

    package init() {}

    /// - Parameter identities: nil where they could not be told.
    /// - Throws: `Obstacle` naming the restore in the way.
    package func capture(_ job: JobID, _ identities: [PhysicalIdentity]?) throws {
        if let other = machine.capture(job, identities) { throw obstacle(other) }
    }

    /// - Throws: `Obstacle` naming the backup in the way.
    package func exchange(_ job: JobID, _ identities: [PhysicalIdentity]) throws {
        if let other = machine.exchange(job, identities) { throw obstacle(other) }
    }

    package func leave(_ job: JobID) {
        machine.leave(job)
        signals.removeValue(forKey: job)?.send()
    }

    /// Until the other job leaves; whoever waited then asks again.
    private func obstacle(_ other: JobID) -> Obstacle {
        let signal = signals[other] ?? Signal()
        signals[other] = signal
        return Obstacle(description: "job \(other)", kind: .otherJob) { try await signal.wait() }
    }
}
