package import HoldfastModel

/// The rules of a project or environment, and what they come to.
package struct RetentionDetail: Codable, Hashable, Sendable {
    /// `shop` or `shop/live`.
    package var scope: String
    /// What is said here, otherwise than around it.
    package var own: RetentionRules
    package var policy: RetentionPolicy
    package var status: RetentionStatus

    package init(scope: String, own: RetentionRules, policy: RetentionPolicy, status: RetentionStatus) {
        self.scope = scope
        self.own = own
        self.policy = policy
        self.status = status
    }
}

/// Whether retention goes on in this cluster.
package struct RetentionStatus: Codable, Hashable, Sendable {
    /// When every environment was last looked at.
    package var reviewedAt: Timestamp?
    /// Present while a clock that jumped keeps anything from going.
    package var pause: ClockWatch.Pause?
    /// When the pause ends, if the clock stays steady.
    package var resumesAt: Timestamp?

    package init(reviewedAt: Timestamp?, pause: ClockWatch.Pause? = nil, resumesAt: Timestamp? = nil) {
        self.reviewedAt = reviewedAt
        self.pause = pause
        self.resumesAt = resumesAt
    }
}

/// Of every backup of an environment why it is kept and when it goes.
package struct RetentionPreviewResult: Codable, Hashable, Sendable {
    package var environment: EnvironmentReference
    package var policy: RetentionPolicy
    /// False for a policy that was only tried.
    package var isSaved: Bool
    package var status: RetentionStatus
    /// The newest first.
    package var backups: [Entry]

    package struct Entry: Codable, Hashable, Sendable {
        package var backup: BackupID
        package var createdAt: Timestamp
        package var trigger: Backup.Trigger
        package var services: [ServiceReference]
        package var state: Backup.State
        package var labels: [PartLabel]
        package var verdict: RetentionVerdict

        package init(_ backup: Backup, labels: [PartLabel], verdict: RetentionVerdict) {
            self.backup = backup.id
            createdAt = backup.createdAt
            trigger = backup.trigger
            services = backup.services
            state = backup.state
            self.labels = labels
            self.verdict = verdict
        }
    }

    package init(
        environment: EnvironmentReference, policy: RetentionPolicy, isSaved: Bool, status: RetentionStatus,
        backups: [Entry]
    ) {
        self.environment = environment
        self.policy = policy
        self.isSaved = isSaved
        self.status = status
        self.backups = backups
    }
}
