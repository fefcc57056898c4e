package import HoldfastModel

/// Gives an environment a schedule, in place of the one it may have.
package struct ScheduleSet: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var timing: ScheduleTiming
    /// A time zone's name; nil keeps the present schedule's, or takes the cluster's.
    package var zone: String?
    /// Empty means all of the environment's, also those it gets later.
    package var services: [ServiceSelector]
    /// Nil takes what suits the timing.
    package var jitterSeconds: Int?
    /// Set it, and don't let it run yet.
    package var isPaused: Bool

    package init(
        environment: EnvironmentReference, timing: ScheduleTiming, zone: String? = nil,
        services: [ServiceSelector] = [], jitterSeconds: Int? = nil, isPaused: Bool = false
    ) {
        self.environment = environment
        self.timing = timing
        self.zone = zone
        self.services = services
        self.jitterSeconds = jitterSeconds
        self.isPaused = isPaused
    }
}
