import HoldfastCommands
import HoldfastModel

/// How well an environment is backed up, at a glance.
struct Health {
    enum Level: Int, Comparable {
        case good, unknown, warning, alarm

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    let level: Level
    let badge: Badge
    /// What is wrong, in a sentence.
    let trouble: String?

    init(of environment: EnvironmentDetail, at now: Timestamp) {
        let schedule = environment.schedule
        if environment.services.isEmpty {
            self.init(.unknown, "Nothing to back up", nil)
        } else if let last = schedule?.last, last.state == .failed {
            self.init(
                .alarm, "Failed",
                "The last scheduled backup failed: \(last.failure.map { PageWording.text($0.message) } ?? "its record says why")"
            )
        } else if let schedule, let last = Self.lastAsDue(environment, schedule), let limit = Self.age(of: schedule),
            schedule.pausedAt == nil, last.advanced(by: limit) < now
        {
            self.init(
                .alarm, "Overdue", "The last good backup of all that its schedule takes is older than that allows")
        } else if environment.lastBackup == nil {
            self.init(.warning, "No backup yet", nil)
        } else if schedule?.pausedAt != nil {
            self.init(.warning, "Paused", "Its schedule is paused: nothing is backed up by itself")
        } else if schedule == nil {
            self.init(.unknown, "No schedule", "Nothing is backed up by itself")
        } else {
            self.init(.good, "Good", nil)
        }
    }

    /// When the last good backup was begun that does for a scheduled one; nil where none is known.
    private static func lastAsDue(_ environment: EnvironmentDetail, _ schedule: ScheduleDetail) -> Timestamp? {
        let services = environment.services.map(\.service).chosen(schedule.kinds, schedule.services)
        let good = environment.lastBackup.flatMap { $0.isAsDue(for: services) ? $0.createdAt : nil }
        let scheduled = schedule.last.flatMap { $0.state == .complete ? $0.startedAt : nil }
        return [good, scheduled].compactMap(\.self).max()
    }

    private init(_ level: Level, _ text: String, _ trouble: String?) {
        self.level = level
        badge = Badge(text, Self.tone(level))
        self.trouble = trouble
    }

    static func tone(_ level: Level) -> String {
        switch level {
        case .good: "good"
        case .unknown: ""
        case .warning: "warn"
        case .alarm: "bad"
        }
    }

    /// Of all environments together: the worst.
    static func badge(of all: [Health]) -> Badge {
        guard let worst = all.map(\.level).max() else { return Badge("Empty", "") }
        let text =
            switch worst {
            case .good: "All is well"
            case .unknown: "Incomplete"
            case .warning: "Look at it"
            case .alarm: "Needs attention"
            }
        return Badge(text, tone(worst))
    }

    /// Half as long again as between two runs, and what the start may vary; nil where no two runs are known.
    private static func age(of schedule: ScheduleDetail) -> Duration? {
        guard schedule.nextRuns.count >= 2 else { return nil }
        let gap = schedule.nextRuns[0].dueAt.duration(to: schedule.nextRuns[1].dueAt)
        return gap + gap / 2 + .seconds(schedule.jitterSeconds + 600)
    }
}
