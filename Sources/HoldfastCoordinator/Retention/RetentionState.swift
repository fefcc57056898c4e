import HoldfastCatalog
package import HoldfastModel

/// What the catalog keeps about retention as a whole.
package struct RetentionRecord: Codable, Hashable, Sendable {
    /// When everything was last looked at.
    package var reviewedAt: Timestamp?
    package var pause: ClockWatch.Pause?

    package init() {}
}

/// The clock as retention sees it: whether it may be trusted to tell what is old.
package actor RetentionState {
    private var watch: ClockWatch
    private let time: any TimeSource
    package private(set) var record: RetentionRecord

    /// Compares the clock with the latest time in the catalog.
    init(_ catalog: any Catalog, _ time: any TimeSource) async throws {
        let stored = try await catalog.get(Setting<RetentionRecord>.self, .retention)?.value.value
        var latest = stored?.reviewedAt
        for scope in [Job.Scope.open, .ended] {
            let jobs = try await catalog.list(Job.self, scope: scope.rawValue, descending: true, limit: 1)
            for job in jobs.map(\.value) { latest = max(latest ?? job.createdAt, job.createdAt) }
        }
        record = stored ?? RetentionRecord()
        self.time = time
        watch = ClockWatch(wall: time.now, uptime: time.uptime, latest: latest, pause: stored?.pause)
        record.pause = watch.pause
    }

    /// Looks at the clock now.
    func observe() -> ClockWatch.Event? {
        let event = watch.observe(wall: time.now, uptime: time.uptime)
        record.pause = watch.pause
        return event
    }

    /// Whether the clock may be trusted now. What is new of it is for `observe` to tell.
    func isTrusted() -> Bool {
        var watch = watch
        _ = watch.observe(wall: time.now, uptime: time.uptime)
        return watch.pause == nil
    }

    package var pause: ClockWatch.Pause? { watch.pause }
    package var resumesAt: Timestamp? { watch.resumesAt }

    func reviewed(at instant: Timestamp) { record.reviewedAt = instant }
}
