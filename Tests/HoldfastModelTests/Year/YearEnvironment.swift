import HoldfastModel

/// One environment of the year: the records that a coordinator keeps of it, and what it does with them, put together of
/// the same decisions as there.
struct YearEnvironment {
    /// A backup job, with what becomes of it.
    struct Work {
        let id: JobID
        var machine: BackupMachine
        var takes: Duration
        var fails: Bool
        /// While it captures: when it will have done so.
        var endsAt: Duration?
    }

    /// When one was deleted, by the time that passes, and for how long it can be taken back.
    struct Deletion {
        var at: Duration
        var days: Int
        /// Whether the term of office began with a clock that was right.
        var isRight: Bool
    }

    let reference: EnvironmentReference
    let project: ProjectID
    let services: [ServiceReference]
    var schedule: Schedule?
    var pattern: Dues.Pattern
    var account: DueAccount?
    var rules = RetentionRules()
    var machine = EnvironmentMachine()
    var works: [JobID: Work] = [:]
    /// All that was not removed, by age.
    var backups: [Backup] = []
    var downloads: [Download] = []
    /// Of restores: what they read or what undoes them, and until when.
    var needed: [(backup: BackupID, until: Timestamp)] = []
    var naive = NaiveRetention()
    var deletions: [BackupID: Deletion] = [:]
    /// Until when all backups fail.
    var failsUntil = Duration.zero
    var isRemoved = false

    var policy: RetentionPolicy { RetentionPolicy(project: nil, environment: rules) }

    func holds(at now: Timestamp) -> [BackupID: RetentionHold] {
        var holds: [BackupID: RetentionHold] = [:]
        for work in works.values { holds[work.machine.backup] = RetentionHold(by: "backup \(work.id)") }
        for need in needed where need.until > now { holds[need.backup] = RetentionHold(by: "a restore") }
        for (backup, hold) in DownloadHolds(downloads, at: now).all {
            holds[backup] = RetentionHold(by: "download \(hold.download)", until: hold.until)
        }
        return holds
    }

    func scene(at now: Timestamp, _ zone: ZoneRules) -> RetentionScene {
        RetentionScene(
            backups: backups, policy: policy, calendar: RetentionCalendar(zone: zone), now: now,
            holds: holds(at: now), hasEnvironment: !isRemoved)
    }

    mutating func edit(_ id: BackupID, _ body: (inout Backup) throws -> Void) rethrows {
        guard let index = backups.firstIndex(where: { $0.id == id }) else { return }
        try body(&backups[index])
    }

    func backup(_ id: BackupID) -> Backup? { backups.last { $0.id == id } }

    // MARK: jobs

    mutating func begin(_ backup: Backup, takes: Duration, fails: Bool) throws {
        try machine.admit(backup.job, .backup)
        backups.append(backup)
        let work = Work(
            id: backup.job, machine: BackupMachine(backup: backup.id, services: backup.services.sorted()), takes: takes,
            fails: fails)
        works[work.id] = work
    }

    /// Sets to work on those that may go ahead.
    ///
    /// - Returns: whether two capture at once.
    mutating func proceed(_ uptime: Duration) -> Bool {
        for id in works.keys.sorted() where works[id]?.endsAt == nil {
            guard machine.enter(EnvironmentMachine.Entry(job: id, activity: .capture)) == nil else { continue }
            let takes = works[id]?.takes ?? .zero
            works[id]?.endsAt = uptime + takes
        }
        return works.values.count { $0.endsAt != nil } > 1
    }

    /// The capture has ended one way or the other.
    ///
    /// - Returns: the backup, where its job has ended as well.
    mutating func captured(_ id: JobID, at now: Timestamp, _ uptime: Duration) throws -> Backup? {
        guard var work = works[id] else { return nil }
        let fails = work.fails || uptime < failsUntil
        if fails {
            work.machine.apply(.failed(later))
        } else {
            let receipt = try receipt(objects: 2 * services.count, [(1, "eu", 2 * services.count)])
            work.machine.apply(.captured(parts: work.machine.services.map(part), receipt: receipt))
            work.machine.apply(.recorded)
        }
        _ = machine.leave(EnvironmentMachine.Entry(job: id, activity: .capture))
        work.endsAt = nil
        works[id] = work
        guard let ending = work.machine.ending else { return nil }
        works[id] = nil
        _ = machine.dismiss(id)
        edit(work.machine.backup) { backup in
            backup.endedAt = now
            switch ending {
            case .complete:
                (backup.state, backup.parts, backup.receipt) = (.complete, work.machine.parts, work.machine.receipt)
            case .failed(let error): (backup.state, backup.failure) = (.failed, error)
            case .cancelled: backup.state = .cancelled
            }
        }
        return backup(work.machine.backup)
    }

    /// What a new coordinator takes up: every job begins its step again.
    mutating func takeUp() throws {
        machine = EnvironmentMachine()
        for id in works.keys.sorted() {
            works[id]?.endsAt = nil
            try machine.admit(id, .backup)
        }
    }
}
