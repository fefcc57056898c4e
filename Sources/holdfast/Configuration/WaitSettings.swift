import HoldfastCoordinator
import HoldfastModel

/// What `nodes:` in `coordinator.yaml` says: how long a silent node is waited for. What isn't given stays as it is.
struct WaitSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case heartbeatSeconds, suspectAfterSeconds, downAfterSeconds, giveUpAfterSeconds
    }

    var heartbeatSeconds: Int?
    var suspectAfterSeconds: Int?
    var downAfterSeconds: Int?
    /// Before what it holds is copied elsewhere.
    var giveUpAfterSeconds: Int?

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        heartbeatSeconds = try container.decodeIfPresent(Int.self, forKey: .heartbeatSeconds)
        suspectAfterSeconds = try container.decodeIfPresent(Int.self, forKey: .suspectAfterSeconds)
        downAfterSeconds = try container.decodeIfPresent(Int.self, forKey: .downAfterSeconds)
        giveUpAfterSeconds = try container.decodeIfPresent(Int.self, forKey: .giveUpAfterSeconds)
        try check()
    }

    /// Each is longer than the one before, with what isn't given as it is usually.
    private func check() throws(HoldfastError) {
        var usual = CoordinatorConfiguration(softwareVersion: "")
        apply(to: &usual)
        guard (Duration.seconds(1)...Duration.seconds(60)).contains(usual.heartbeat),
            usual.suspectAfter > usual.heartbeat,
            usual.downAfter > usual.suspectAfter, usual.giveUpAfter >= usual.downAfter,
            usual.giveUpAfter <= .seconds(30 * 24 * 60 * 60)
        else {
            throw HoldfastError(
                .invalidArgument,
                """
                The settings under “nodes”: heartbeatSeconds is from 1 to 60, and suspectAfterSeconds, downAfterSeconds and \
                giveUpAfterSeconds are longer, each than the one before; the last at most 30 days. Usual are 5, 15, 45 and 600
                """)
        }
    }

    func apply(to configuration: inout CoordinatorConfiguration) {
        if let heartbeatSeconds { configuration.heartbeat = .seconds(heartbeatSeconds) }
        if let suspectAfterSeconds { configuration.suspectAfter = .seconds(suspectAfterSeconds) }
        if let downAfterSeconds { configuration.downAfter = .seconds(downAfterSeconds) }
        if let giveUpAfterSeconds { configuration.giveUpAfter = .seconds(giveUpAfterSeconds) }
    }
}
