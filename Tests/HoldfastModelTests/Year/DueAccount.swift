import HoldfastModel

/// Keeps account of the runs of one schedule: each that was due has to be begun, made up for or passed over, once and in
/// its turn.
struct DueAccount {
    /// In order.
    private let dues: [Timestamp]
    private let jitter: Int64
    /// The next that nothing has been done about.
    private var next: Int

    /// - Parameter jitter: how long after it is due each run starts, in milliseconds.
    init(_ dues: [Timestamp], jitter: Int64, after now: Timestamp) {
        (self.dues, self.jitter) = (dues, jitter)
        next = Self.first(dues, jitter, after: now)
    }

    private static func first(_ dues: [Timestamp], _ jitter: Int64, after now: Timestamp) -> Int {
        var (low, high) = (0, dues.count)
        while low < high {
            let middle = (low + high) / 2
            if dues[middle].milliseconds + jitter > now.milliseconds { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The clock was set back: what is to come comes again.
    mutating func setBack(to now: Timestamp) { next = min(next, Self.first(dues, jitter, after: now)) }

    /// One run is begun or passed over.
    ///
    /// - Returns: what is wrong with that.
    mutating func acted(_ run: Schedule.Run, _ missed: Schedule.MissedRuns?, at now: Timestamp) -> String? {
        guard next < dues.count else { return "\(run.dueAt) is due, and nothing was" }
        guard run.startsAt.milliseconds == run.dueAt.milliseconds + jitter else { return "\(run) has another jitter" }
        guard run.startsAt <= now else { return "\(run) is begun too early" }
        let first = missed?.firstDueAt ?? run.dueAt
        guard first == dues[next] else { return "\(first) comes where \(dues[next]) was due" }
        let last = Self.first(dues, jitter, after: now) - 1
        guard run.dueAt == dues[last] else { return "\(run.dueAt) is begun where \(dues[last]) was due" }
        // The last one was missed as well, if it begins late.
        let isLate = now.milliseconds - run.startsAt.milliseconds > 300_000
        let lost = last - next + (isLate ? 1 : 0)
        guard missed?.count ?? 0 == lost else { return "\(missed?.count ?? 0) runs are said to be missed, not \(lost)" }
        if let missed, missed.lastDueAt != run.dueAt { return "the last that was missed is not \(run.dueAt)" }
        next = last + 1
        return nil
    }

    /// - Returns: a run that was due and that nothing was done about.
    func forgotten(at now: Timestamp) -> Timestamp? {
        next < dues.count && dues[next].milliseconds + jitter <= now.milliseconds ? dues[next] : nil
    }
}
