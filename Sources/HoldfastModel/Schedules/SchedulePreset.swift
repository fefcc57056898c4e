/// Schedules that need no cron expression.
package enum SchedulePreset: String, Codable, Sendable, CaseIterable {
    case hourly, daily, weekly

    package var cron: String {
        switch self {
        case .hourly: "0 * * * *"
        case .daily: "0 2 * * *"
        case .weekly: "0 2 * * 0"
        }
    }

    /// Over how long the starts of many projects are spread.
    package var jitterSeconds: Int {
        switch self {
        case .hourly: 600
        case .daily, .weekly: 3600
        }
    }
}

/// When a schedule's runs are due. Written as `{"preset": "daily"}` or `{"cron": "30 2 * * *"}`.
package enum ScheduleTiming: Hashable, Sendable {
    case preset(SchedulePreset)
    case cron(CronExpression)

    package static let cronJitterSeconds = 60

    /// - Throws: nothing for a preset that there is.
    // The optimiser of Swift 6.3.1 crashes when it puts this into an async function.
    @inline(never)
    package func expression() throws(HoldfastError) -> CronExpression {
        switch self {
        case .preset(let preset): try CronExpression(preset.cron)
        case .cron(let expression): expression
        }
    }

    package var defaultJitterSeconds: Int {
        switch self {
        case .preset(let preset): preset.jitterSeconds
        case .cron: Self.cronJitterSeconds
        }
    }
}

extension ScheduleTiming: CustomStringConvertible {
    package var description: String {
        switch self {
        case .preset(let preset): preset.rawValue
        case .cron(let expression): expression.text
        }
    }
}

extension ScheduleTiming: Codable {
    private enum CodingKeys: String, CodingKey {
        case preset, cron
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let preset = try container.decodeIfPresent(SchedulePreset.self, forKey: .preset) {
            self = .preset(preset)
        } else {
            self = .cron(try container.decode(CronExpression.self, forKey: .cron))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .preset(let preset): try container.encode(preset, forKey: .preset)
        case .cron(let expression): try container.encode(expression, forKey: .cron)
        }
    }
}
