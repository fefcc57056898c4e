import HoldfastCatalog
import HoldfastModel

extension Office {
    /// - Throws: `invalidArgument` for a zone that isn't known.
    func zone(_ name: String) throws -> ZoneRules {
        guard let zone = zones(name) else {
            throw HoldfastError(
                .invalidArgument,
                "“\(name.printable(limit: 60))” is no time zone: write one as in Europe/Zurich, or UTC")
        }
        return zone
    }

    func schedule(of environment: EnvironmentReference) async throws -> Stored<Schedule>? {
        try await catalog.get(Schedule.self, environment)
    }

    /// A new schedule with its first run planned.
    ///
    /// - Throws: `invalidArgument` for a zone or jitter that can't be.
    func makeSchedule(
        of environment: EnvironmentReference, _ project: ProjectID, _ timing: ScheduleTiming, zone name: String? = nil,
        kinds: [ServiceKind] = [], services: [ServiceReference] = [], jitterSeconds: Int? = nil, author: String
    ) throws -> Schedule {
        var schedule = Schedule(
            environment: environment, project: project, author: author, createdAt: now, timing: timing,
            zone: name ?? configuration.timeZone, kinds: kinds, services: services,
            jitterSeconds: jitterSeconds ?? timing.defaultJitterSeconds)
        guard (0...86_400).contains(schedule.jitterSeconds) else {
            throw HoldfastError(.invalidArgument, "Jitter spreads starts over 0 seconds to one day")
        }
        schedule.next = try nextRun(of: schedule)
        return schedule
    }

    /// The first run from now on.
    // The optimiser of Swift 6.3.1 crashes when it puts this into an async function.
    @inline(never)
    func nextRun(of schedule: Schedule) throws -> Schedule.Run? {
        try schedule.run(after: now, in: zone(schedule.zone))
    }
}
