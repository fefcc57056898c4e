import HoldfastModel

/// The numbers of a policy as fields of a form.
enum RetentionFields {
    struct Field: Sendable {
        let key: String
        let title: String
        let rule: @Sendable (inout RetentionRules, Int) -> Void
        let value: @Sendable (RetentionPolicy) -> Int
    }

    static let all: [Field] = [
        Field(key: "hourly", title: "Hourly", rule: { $0.hourly = $1 }, value: \.hourly),
        Field(key: "daily", title: "Daily", rule: { $0.daily = $1 }, value: \.daily),
        Field(key: "weekly", title: "Weekly", rule: { $0.weekly = $1 }, value: \.weekly),
        Field(key: "monthly", title: "Monthly", rule: { $0.monthly = $1 }, value: \.monthly),
        Field(key: "days", title: "On-demand: all for days", rule: { $0.onDemandDays = $1 }, value: \.onDemandDays),
        Field(key: "count", title: "… and of older ones", rule: { $0.onDemandCount = $1 }, value: \.onDemandCount),
    ]

    static func shown(_ policy: RetentionPolicy) -> [(key: String, title: String, value: Int)] {
        all.map { ($0.key, $0.title, $0.value(policy)) }
    }

    /// - Throws: `invalidArgument` for what is no number.
    static func rules(_ query: [String: String]) throws -> RetentionRules {
        var rules = RetentionRules()
        for field in all {
            guard let text = query[field.key]?.trimmed, !text.isEmpty else { continue }
            guard let number = Int(text) else {
                throw HoldfastError(
                    .invalidArgument, "\(field.title) is a whole number, not “\(text.printable(limit: 40))”")
            }
            field.rule(&rules, number)
        }
        return rules
    }
}
