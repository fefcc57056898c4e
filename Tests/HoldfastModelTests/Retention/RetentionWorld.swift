import HoldfastModel

/// An environment whose backups are made and reviewed, without anything but the model.
struct RetentionWorld {
    static let both = [ServiceReference(.database), ServiceReference(.media)]

    var now: Timestamp
    var zone = TestZones.zurich
    var policy = RetentionPolicy()
    var backups: [Backup] = []
    var holds: [BackupID: RetentionHold] = [:]
    var hasEnvironment = true
    private(set) var deleted: [Backup] = []
    private var count = 0
    private let environment: EnvironmentReference
    private let project: ProjectID
    private let job: JobID

    init(now: Timestamp = time("2026-01-01T12:00:00Z")) throws {
        self.now = now
        environment = try EnvironmentReference("shop/live")
        project = try identifier(1)
        job = try identifier(2)
    }

    @discardableResult
    mutating func back(
        up services: [ServiceReference] = both, _ trigger: Backup.Trigger = .scheduled, label: RetentionLabel? = .daily,
        state: Backup.State = .complete
    ) throws -> BackupID {
        count += 1
        var backup = Backup(
            id: try identifier(count), project: project, environment: environment, job: job, trigger: trigger,
            services: services, note: nil, author: "test", createdAt: now)
        backup.state = state
        backup.endedAt = now
        if state == .complete { backup.parts = services.map(part) }
        backup.firstLabel = trigger == .scheduled ? label : nil
        backups.append(backup)
        return backup.id
    }

    var scene: RetentionScene {
        RetentionScene(
            backups: backups, policy: policy, calendar: RetentionCalendar(zone: zone), now: now, holds: holds,
            hasEnvironment: hasEnvironment)
    }

    /// Reviews and carries out what comes of it; returns what went.
    @discardableResult
    mutating func review() -> [BackupID] {
        let review = RetentionReview(scene)
        for (id, labels) in review.relabelled {
            guard let index = backups.firstIndex(where: { $0.id == id }) else { continue }
            backups[index].labels = labels
        }
        let going = Set(review.going.map(\.backup))
        deleted += backups.filter { going.contains($0.id) }
        backups.removeAll { going.contains($0.id) }
        return review.going.map(\.backup)
    }

    mutating func advance(days: Int = 0, hours: Int = 0) {
        now = now.advanced(by: .seconds(days * 86_400 + hours * 3600))
    }

    mutating func edit(_ id: BackupID, _ body: (inout Backup) -> Void) {
        guard let index = backups.firstIndex(where: { $0.id == id }) else { return }
        body(&backups[index])
    }

    /// How many backups bear each label for a service.
    func counts(_ service: ServiceReference = ServiceReference(.database)) -> [RetentionLabel: Int] {
        var counts: [RetentionLabel: Int] = [:]
        for backup in backups {
            if let label = backup.labels?.first(where: { $0.service == service })?.label {
                counts[label, default: 0] += 1
            }
        }
        return counts
    }

    func verdict(_ id: BackupID) -> RetentionVerdict? { RetentionReview(scene).verdicts.first { $0.backup == id } }
}
