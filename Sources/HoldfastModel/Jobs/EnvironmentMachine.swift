/// Decides which jobs may be at work on one environment at the same time.
///
/// A job is *admitted* for its whole life: one restore at a time, any number of backups. Within it, a job *enters* what
/// must not overlap: one capture at a time, and no capture while a restore exchanges the content. Whoever must wait does
/// so in the order of coming, so that a restore isn't kept out by a row of backups.
package struct EnvironmentMachine: Hashable, Sendable {
    package enum Activity: String, Hashable, Sendable {
        case capture, exchange
    }

    package struct Entry: Hashable, Sendable {
        package var job: JobID
        package var activity: Activity

        package init(job: JobID, activity: Activity) {
            self.job = job
            self.activity = activity
        }
    }

    private var admitted: [JobID: Job.Kind] = [:]
    private var inside: [Entry] = []
    private var waiting: [Entry] = []
    private var isBeingRemoved = false

    package init() {}

    /// - Throws: `busy`, naming what is in the way.
    package mutating func admit(_ job: JobID, _ kind: Job.Kind) throws(HoldfastError) {
        guard admitted[job] == nil else { return }
        guard !isBeingRemoved else { throw HoldfastError(.busy, "The environment is being removed.") }
        let restores: Set<Job.Kind> = [.restore, .fileRestore]
        if restores.contains(kind), let other = admitted.first(where: { restores.contains($0.value) })?.key {
            throw HoldfastError(
                .busy, "Restore \(other) is at work on this environment: wait for it, or cancel it",
                context: ["job": other.text])
        }
        if kind == .collect, let other = admitted.first(where: { $0.value == .collect })?.key {
            throw HoldfastError(
                .busy, "Collection \(other) is at work on this project: follow it with `holdfast job watch \(other)`",
                context: ["job": other.text])
        }
        if kind == .repair, let other = admitted.first(where: { $0.value == .repair })?.key {
            throw HoldfastError(
                .busy, "Repair \(other) is at work on this project: follow it with `holdfast job watch \(other)`",
                context: ["job": other.text])
        }
        admitted[job] = kind
    }

    /// Nil when the job may go ahead, else the job it waits for; it is then in the row, and asking again keeps its place.
    package mutating func enter(_ entry: Entry) -> JobID? {
        if inside.contains(entry) { return nil }
        let ahead = waiting.prefix { $0 != entry }
        if let obstacle = (inside + ahead).first(where: { Self.conflict($0, entry) }) {
            if !waiting.contains(entry) { waiting.append(entry) }
            return obstacle.job
        }
        waiting.removeAll { $0 == entry }
        inside.append(entry)
        return nil
    }

    /// Returns who may go ahead now.
    package mutating func leave(_ entry: Entry) -> [Entry] {
        inside.removeAll { $0 == entry }
        waiting.removeAll { $0 == entry }
        return advance()
    }

    /// The job has ended. Returns who may go ahead now.
    package mutating func dismiss(_ job: JobID) -> [Entry] {
        admitted[job] = nil
        inside.removeAll { $0.job == job }
        waiting.removeAll { $0.job == job }
        return advance()
    }

    /// - Throws: `busy` while any job is open here.
    package mutating func beginRemoval() throws(HoldfastError) {
        guard !isBeingRemoved else { throw HoldfastError(.busy, "The environment is being removed already.") }
        if let job = admitted.keys.min() {
            throw HoldfastError(
                .busy, "Job \(job) is open on this environment: wait for it, or cancel it", context: ["job": job.text])
        }
        isBeingRemoved = true
    }

    package mutating func endRemoval() { isBeingRemoved = false }

    private mutating func advance() -> [Entry] {
        waiting.filter { enter($0) == nil }
    }

    private static func conflict(_ left: Entry, _ right: Entry) -> Bool {
        left.job != right.job && (left.activity == .capture || right.activity == .capture)
    }
}
