import HoldfastCoordinator
import HoldfastModel

/// What `limits:` in `coordinator.yaml` says. What isn't given stays as it is.
struct LimitSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case jobsPerNode, jobsPerDatabaseServer, jobsPerProject, stalledAfterMinutes
    }

    /// How many jobs may be at work at the same time.
    var jobsPerNode: Int?
    var jobsPerDatabaseServer: Int?
    var jobsPerProject: Int?
    /// How long work may move no byte before the attempt is given up.
    var stalledAfterMinutes: Int?

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        jobsPerNode = try Self.number(.jobsPerNode, 1...1000, container)
        jobsPerDatabaseServer = try Self.number(.jobsPerDatabaseServer, 1...1000, container)
        jobsPerProject = try Self.number(.jobsPerProject, 1...1000, container)
        stalledAfterMinutes = try Self.number(.stalledAfterMinutes, 1...10_080, container)
    }

    private static func number(
        _ key: CodingKeys, _ range: ClosedRange<Int>, _ container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Int? {
        guard let number = try container.decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard range.contains(number) else {
            throw HoldfastError(
                .invalidArgument,
                "The setting “limits.\(key.stringValue)” is from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func apply(to configuration: inout CoordinatorConfiguration) {
        configuration.limits.jobsPerNode = jobsPerNode ?? configuration.limits.jobsPerNode
        configuration.limits.jobsPerDatabaseServer =
            jobsPerDatabaseServer ?? configuration.limits.jobsPerDatabaseServer
        configuration.limits.jobsPerProject = jobsPerProject ?? configuration.limits.jobsPerProject
        if let stalledAfterMinutes { configuration.stalledAfter = .seconds(60 * stalledAfterMinutes) }
    }
}
