import HoldfastModel

/// In JSON a result stands under its name: `{"backups": […]}`, `{"restore": {…}}`.
extension CommandResult {
    private enum CodingKeys: String, CodingKey {
        case clusterStatus, nodes, token, projects, project, environments, environment, check, backups, backup
        case restorePlan, restores, restore, verified, jobs, job, accepted, done
    }

    private struct Check: Codable {
        var environment: EnvironmentReference
        var services: [CheckReport.ServiceReport]
    }

    private struct Verified: Codable {
        var backup: BackupID
        var report: VerifyReport
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not one result of a known name"))
        }
        func value<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: key) }
        switch key {
        case .clusterStatus: self = .clusterStatus(try value())
        case .nodes: self = .nodes(try value())
        case .token: self = .token(try value())
        case .projects: self = .projects(try value())
        case .project: self = .project(try value())
        case .environments: self = .environments(try value())
        case .environment: self = .environment(try value())
        case .check:
            let check: Check = try value()
            self = .check(check.environment, CheckReport(services: check.services))
        case .backups: self = .backups(try value())
        case .backup: self = .backup(try value())
        case .restorePlan: self = .restorePlan(try value())
        case .restores: self = .restores(try value())
        case .restore: self = .restore(try value())
        case .verified:
            let verified: Verified = try value()
            self = .verified(verified.backup, verified.report)
        case .jobs: self = .jobs(try value())
        case .job: self = .job(try value())
        case .accepted: self = .accepted(try value())
        case .done: self = .done(try value())
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .clusterStatus(let value): try container.encode(value, forKey: .clusterStatus)
        case .nodes(let value): try container.encode(value, forKey: .nodes)
        case .token(let value): try container.encode(value, forKey: .token)
        case .projects(let value): try container.encode(value, forKey: .projects)
        case .project(let value): try container.encode(value, forKey: .project)
        case .environments(let value): try container.encode(value, forKey: .environments)
        case .environment(let value): try container.encode(value, forKey: .environment)
        case .check(let environment, let report):
            try container.encode(Check(environment: environment, services: report.services), forKey: .check)
        case .backups(let value): try container.encode(value, forKey: .backups)
        case .backup(let value): try container.encode(value, forKey: .backup)
        case .restorePlan(let value): try container.encode(value, forKey: .restorePlan)
        case .restores(let value): try container.encode(value, forKey: .restores)
        case .restore(let value): try container.encode(value, forKey: .restore)
        case .verified(let backup, let report):
            try container.encode(Verified(backup: backup, report: report), forKey: .verified)
        case .jobs(let value): try container.encode(value, forKey: .jobs)
        case .job(let value): try container.encode(value, forKey: .job)
        case .accepted(let value): try container.encode(value, forKey: .accepted)
        case .done(let value): try container.encode(value, forKey: .done)
        }
    }
}
