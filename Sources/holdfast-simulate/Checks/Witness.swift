import Foundation
import HoldfastCatalog
import HoldfastModel

/// Sees every commit of the catalog at the moment it happens, and holds the world to what it says.
final class Witness: @unchecked Sendable {
    // Touched by the executor's one thread.
    var expected = Expectations()
    private(set) var jobs: [JobID: Job] = [:]
    private(set) var backups: [BackupID: Backup] = [:]
    private(set) var claims: Set<String> = []
    private(set) var downloads: [DownloadID: Download] = [:]
    /// The backups whose content has moved to other shards.
    private(set) var moved: Set<BackupID> = []
    /// What a complete backup may contain: what its services contained at some time while it was made.
    private(set) var captured: [BackupID: [ServiceReference: Captured]] = [:]
    /// Paths of objects of which one copy was spoiled.
    var rotten: Set<String> = []
    private(set) var kept: [JobID: [ServiceReference: Content]] = [:]
    /// The databases that bore the services' names before a swap.
    private var live: [JobID: [ServiceReference: UInt32]] = [:]
    /// Told when a restore begins its swap.
    var atSwap: (EnvironmentReference) -> Void = { _ in }
    /// By the clock that is the furthest ahead.
    var latestTime: () -> Timestamp = { SimulatedTime.start }
    private var createdAt: [BackupID: Duration] = [:]
    /// When a restore last brought an environment other content.
    private var exchangedAt: [EnvironmentReference: Duration] = [:]
    private let findings: Findings
    private let site: (EnvironmentReference) -> Site?
    let durable: DurableBackups
    private let epoch: () -> Epoch

    init(
        _ findings: Findings, site: @escaping (EnvironmentReference) -> Site?, durable: DurableBackups,
        epoch: @escaping () -> Epoch
    ) {
        (self.findings, self.site, self.durable, self.epoch) = (findings, site, durable, epoch)
    }

    /// What a service contains now; nil where it can't be told.
    private func look(_ place: Place) -> Content? { site(place.environment)?.content(of: place.service) }

    func committed(_ transaction: Transaction, by writer: Epoch) {
        if writer != epoch() { findings.report("P4", "a write of epoch \(writer) landed in epoch \(epoch())") }
        for write in transaction.writes {
            guard case .put(let key, _, _, _, let body) = write, key.kind == .download else { continue }
            if let download = try? JSONDecoder().decode(Download.self, from: Data(body)) {
                downloads[download.id] = download
            }
        }
        // Backups before jobs: a job that ends rests on its backup.
        for write in transaction.writes {
            guard case .put(let key, _, _, _, let body) = write, key.kind == .backup else { continue }
            if let backup = try? JSONDecoder().decode(Backup.self, from: Data(body)) { saw(backup) }
        }
        for write in transaction.writes {
            switch write {
            case .put(let key, _, _, _, let body) where key.kind == .job:
                if let job = try? JSONDecoder().decode(Job.self, from: Data(body)) { saw(job) }
            case .put(let key, _, _, _, _) where key.kind == .claim: claims.insert(key.key)
            case .delete(let key) where key.kind == .claim: claims.remove(key.key)
            default: break
            }
        }
    }

    // MARK: backups

    /// A backup whose content has moved to other shards is as complete as it was.
    private func sawMoved(_ backup: Backup) {
        moved.insert(backup.id)
        // A repair at the same time may drop what one node has too much, also of what was just held there.
        let isRepaired = jobs.values.contains {
            $0.kind == .repair && $0.project == backup.project && $0.machine.isAtWork
        }
        if let fault = durable.fault(of: backup, isNew: !isRepaired, rotten: rotten) ?? durable.unheld(backup) {
            findings.report("P1", "moved to other shards: \(fault)")
        }
    }

    private func saw(_ backup: Backup) {
        let old = backups.updateValue(backup, forKey: backup.id)
        if old == nil { createdAt[backup.id] = SeededExecutor.shared.now }
        if let old, !old.state.mayBecome(backup.state) {
            findings.report("P2", "backup \(backup.id) was \(old.state) and is now \(backup.state)")
        }
        if backup.state == .deleted, old?.state == .complete, let download = neededBy(backup) {
            findings.report("P1", "backup \(backup.id) is deleted, and links of download \(download) need it")
        }
        guard backup.state == .complete else { return }
        guard old?.state != .complete else {
            if old?.parts != backup.parts { sawMoved(backup) }
            return
        }
        let start = createdAt[backup.id] ?? .zero
        for part in backup.parts {
            let place = Place(environment: backup.environment, service: part.service)
            captured[backup.id, default: [:]][part.service] = Captured(
                versions: expected.contents(of: place, since: start),
                wasExchanged: exchangedAt[backup.environment].map { $0 >= start } ?? false)
        }
        if let fault = durable.fault(of: backup, isNew: true, rotten: rotten) ?? durable.unheld(backup) {
            findings.report("P1", fault)
        }
    }

    /// A download whose links lead into the backup, by whatever clock.
    private func neededBy(_ backup: Backup) -> DownloadID? {
        downloads.values.sorted { $0.id < $1.id }.first { $0.backup == backup.id && isWorking($0) }?.id
    }

    var restoredInPlace: Int {
        jobs.values.count { job in
            if case .restore(let saga) = job.machine { saga.side == .new && !saga.keepsOld } else { false }
        }
    }

    /// The downloads whose links work now.
    var working: [Download] { downloads.values.filter(isWorking).sorted { $0.id < $1.id } }

    private func isWorking(_ download: Download) -> Bool {
        download.state == .ready && download.holds(at: latestTime())
    }

    // MARK: jobs

    /// The restore that may be exchanging the services of an environment now.
    func exchanging(_ environment: EnvironmentReference) -> (job: JobID, saga: RestoreSaga)? {
        for job in jobs.values.sorted(by: { $0.id < $1.id }) {
            if case .restore(let saga) = job.machine, saga.step == .swap, saga.plan.destination == environment {
                return (job.id, saga)
            }
        }
        return nil
    }

    func isAtWork(on environment: EnvironmentReference) -> Bool {
        jobs.values.contains { $0.environment == environment && $0.machine.isAtWork }
    }

    private func saw(_ job: Job) {
        let old = jobs.updateValue(job, forKey: job.id)
        guard case .restore(let saga) = job.machine else { return }
        var before: RestoreSaga?
        if case .restore(let saga)? = old?.machine { before = saga }
        if saga.step == .swap, before?.step != .swap { beginsSwap(job, saga) }
        if saga.step == .clean, before?.step != .clean, before?.step != .kept, saga.keepsOld {
            findings.report("P3", "restore \(job.id) drops its old content, which it had to keep for an undo")
        }
        if saga.side == .new, before?.side != .new { isNew(job, saga) }
        // Whatever else the saga says, it is not between the sides.
        if saga.step != .swap { check(saga.plan.destination, "restore \(job.id) in step \(saga.step)") }
    }

    /// The last moment before anything changes.
    private func beginsSwap(_ job: Job, _ saga: RestoreSaga) {
        for mapping in saga.plan.mappings {
            kept[job.id, default: [:]][mapping.to] =
                expected[Place(environment: saga.plan.destination, service: mapping.to)]
            live[job.id, default: [:]][mapping.to] = site(saga.plan.destination)?.database(of: mapping.to)
        }
        atSwap(saga.plan.destination)
        guard let id = saga.plan.safetyBackup else {
            if !saga.keepsOld { findings.report("P3", "restore \(job.id) keeps nothing of the old content") }
            return
        }
        guard let safety = backups[id], safety.state == .complete else {
            return findings.report("P3", "restore \(job.id) begins to swap without its safety backup \(id)")
        }
        if let fault = durable.fault(of: safety, rotten: rotten) {
            findings.report("P3", "before the swap of \(job.id): \(fault)")
        }
    }

    /// The saga says that every service has the new content.
    private func isNew(_ job: Job, _ saga: RestoreSaga) {
        for mapping in saga.plan.mappings {
            let place = Place(environment: saga.plan.destination, service: mapping.to)
            guard let content = look(place) else {
                findings.report("P3", "\(place) can't be read after restore \(job.id)")
                continue
            }
            if !allows(saga, mapping, content) {
                findings.report(
                    "P3", "\(place) does not have the content that restore \(job.id) was to bring: \(content)")
            }
            expected.set(place, content)
        }
        exchangedAt[saga.plan.destination] = SeededExecutor.shared.now
        checkNamedFiles(job, saga)
    }

    /// Whether a restore may bring that to a service.
    private func allows(_ saga: RestoreSaga, _ mapping: RestorePlan.Mapping, _ content: Content) -> Bool {
        switch saga.plan.source {
        case .backup(let id): captured[id]?[mapping.from]?.allows(content, mapping.from.kind) ?? false
        case .kept(let earlier): kept[earlier]?[mapping.to] == content
        }
    }

    /// Database and media of one backup belong to one instant: what a row names is there.
    private func checkNamedFiles(_ job: Job, _ saga: RestoreSaga) {
        let (database, media) = (ServiceReference(.database), ServiceReference(.media))
        let restored = Set(saga.plan.mappings.filter { $0.from == $0.to }.map(\.to))
        guard case .backup(let id) = saga.plan.source, restored.isSuperset(of: [database, media]),
            let captured = captured[id]?[media], let site = site(saga.plan.destination),
            let tree = site.content(of: media)
        else { return }
        for file in site.namedFiles() where captured.insists(on: file) && !Captured.has(file, tree) {
            findings.report("P3", "restore \(job.id) of backup \(id): a row names \(file), which is not in the tree")
        }
    }

    /// A worker has rolled a swap back in order. Whoever connects now sees the old database, and has to see the old media;
    /// where another server has committed before, there is only forward.
    func rolledBack(_ environment: EnvironmentReference) {
        guard let (job, saga) = exchanging(environment) else { return }
        for (service, oid) in live[job] ?? [:] where site(environment)?.database(of: service) != oid { return }
        for mapping in saga.plan.mappings where mapping.to.kind == .media {
            let place = Place(environment: environment, service: mapping.to)
            if look(place) != kept[job]?[mapping.to] {
                findings.report("P3", "the database of \(environment) is old again, and the new media are still there")
            }
        }
    }

    // MARK: contents

    /// Every service of the environment contains what it should, unless a restore exchanges it now.
    func check(_ environment: EnvironmentReference, _ when: @autoclosure () -> String) {
        guard exchanging(environment) == nil else { return }
        for place in expected.places where place.environment == environment {
            let content = look(place)
            if content != expected[place] {
                findings.report(
                    "P3",
                    """
                    \(place) contains \(content ?? "nothing"), and should \(expected[place] ?? "nothing"), at \(when())
                    """)
            }
        }
    }
}

extension Backup.State {
    /// P2: what has failed never becomes complete; what was deleted stays deleted.
    fileprivate func mayBecome(_ next: Self) -> Bool {
        switch self {
        case .running: true
        case .complete, .failed, .cancelled: next == self || next == .deleted
        case .deleted: next == .deleted
        }
    }
}
