/// How many backups are kept, and for how long.
package struct RetentionPolicy: Hashable, Codable, Sendable {
    /// So many of each label are kept whatever their age; more than these go when they are older than so many hours, days,
    /// weeks or months.
    package var hourly = 24
    package var daily = 7
    package var weekly = 4
    package var monthly = 12
    /// On-demand and uploaded backups are kept for so many days; of those that are older so many, the newest.
    package var onDemandDays = 30
    package var onDemandCount = 3
    /// The same of those made before a restore.
    package var safetyDays = 30
    package var safetyCount = 1
    /// How long the record of a backup that failed or was cancelled is kept.
    package var failedDays = 30
    /// How long a deleted backup can be taken back.
    package var windowDays = 7

    package init() {}

    package func count(of label: RetentionLabel) -> Int {
        switch label {
        case .hourly: hourly
        case .daily: daily
        case .weekly: weekly
        case .monthly: monthly
        }
    }
}

/// What a project or an environment has otherwise than those around it: an environment than its project, a project than
/// everything else. Absent is: the same.
package struct RetentionRules: Hashable, Codable, Sendable {
    package var hourly: Int?
    package var daily: Int?
    package var weekly: Int?
    package var monthly: Int?
    package var onDemandDays: Int?
    package var onDemandCount: Int?
    package var safetyDays: Int?
    package var safetyCount: Int?
    package var failedDays: Int?
    package var windowDays: Int?

    package init() {}

    package var isEmpty: Bool { self == RetentionRules() }

    private static var fields: [(WritableKeyPath<Self, Int?>, WritableKeyPath<RetentionPolicy, Int>)] {
        [
            (\.hourly, \.hourly), (\.daily, \.daily), (\.weekly, \.weekly), (\.monthly, \.monthly),
            (\.onDemandDays, \.onDemandDays), (\.onDemandCount, \.onDemandCount), (\.safetyDays, \.safetyDays),
            (\.safetyCount, \.safetyCount), (\.failedDays, \.failedDays), (\.windowDays, \.windowDays),
        ]
    }

    package func applied(to policy: RetentionPolicy) -> RetentionPolicy {
        Self.fields.reduce(into: policy) { result, field in
            if let value = self[keyPath: field.0] { result[keyPath: field.1] = value }
        }
    }

    /// These, and where they say nothing the others.
    package func over(_ other: RetentionRules) -> RetentionRules {
        Self.fields.reduce(into: other) { result, field in
            if let value = self[keyPath: field.0] { result[keyPath: field.0] = value }
        }
    }

    /// - Throws: `invalidArgument` for what can't be meant.
    package func validate() throws(HoldfastError) {
        let counts = [hourly, daily, weekly, monthly, onDemandCount, safetyCount]
        guard counts.allSatisfy({ (0...1000).contains($0 ?? 0) }) else {
            throw HoldfastError(.invalidArgument, "Of each kind 0 to 1000 backups can be kept")
        }
        guard [onDemandDays, safetyDays, failedDays].allSatisfy({ (0...36_500).contains($0 ?? 0) }) else {
            throw HoldfastError(.invalidArgument, "Backups can be kept for 0 to 36500 days")
        }
        guard (1...365).contains(windowDays ?? 1) else {
            throw HoldfastError(.invalidArgument, "A deleted backup can be taken back for 1 to 365 days")
        }
    }
}

extension RetentionPolicy {
    package init(project: RetentionRules?, environment: RetentionRules?) {
        self = (environment ?? RetentionRules()).applied(
            to: (project ?? RetentionRules()).applied(to: RetentionPolicy()))
    }
}
