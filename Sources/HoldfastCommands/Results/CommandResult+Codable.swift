import HoldfastModel

// A result is an object of one key, its kind, and scripts read what stands under it: `.backups[0].id`. Synthesised code
// would put every value under `_0`.
extension CommandResult {
    private enum CodingKeys: String, CodingKey {
        case clusterStatus, nodes, token, mails, mail, noticeTargets, noticeTarget, noticeTest
        case users, user, credential, accessTokens, accessToken, sessions, audit
        case policies, repaired, rebuilt, projects, project, environments, environment, check
        case backups, backup, tables, files, found, difference, given, schedules, schedule, retention, retentionPreview
        case restorePlan, restores, restore, fileRestore, verified, collected, downloads, download, jobs, job, accepted,
            done
    }

    private struct Check: Codable {
        var environment: EnvironmentReference
        var report: CheckReport
    }

    private struct Verified: Codable {
        var backup: BackupID
        var report: VerifyReport
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not one known kind of result"))
        }
        func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try container.decode(type, forKey: key)
        }
        switch key {
        case .clusterStatus: self = .clusterStatus(try value())
        case .nodes: self = .nodes(try value())
        case .token: self = .token(try value())
        case .mails: self = .mails(try value())
        case .mail: self = .mail(try value())
        case .noticeTargets: self = .noticeTargets(try value())
        case .noticeTarget: self = .noticeTarget(try value())
        case .noticeTest: self = .noticeTest(try value())
        case .users: self = .users(try value())
        case .user: self = .user(try value())
        case .credential: self = .credential(try value())
        case .accessTokens: self = .accessTokens(try value())
        case .accessToken: self = .accessToken(try value())
        case .sessions: self = .sessions(try value())
        case .audit: self = .audit(try value())
        case .policies: self = .policies(try value())
        case .repaired: self = .repaired(try value())
        case .rebuilt: self = .rebuilt(try value())
        case .projects: self = .projects(try value())
        case .project: self = .project(try value())
        case .environments: self = .environments(try value())
        case .environment: self = .environment(try value())
        case .check:
            let check = try value(Check.self)
            self = .check(check.environment, check.report)
        case .backups: self = .backups(try value())
        case .backup: self = .backup(try value())
        case .tables: self = .tables(try value())
        case .files: self = .files(try value())
        case .found: self = .found(try value())
        case .difference: self = .difference(try value())
        case .given: self = .given(try value())
        case .schedules: self = .schedules(try value())
        case .schedule: self = .schedule(try value())
        case .retention: self = .retention(try value())
        case .retentionPreview: self = .retentionPreview(try value())
        case .restorePlan: self = .restorePlan(try value())
        case .restores: self = .restores(try value())
        case .restore: self = .restore(try value())
        case .fileRestore: self = .fileRestore(try value())
        case .verified:
            let verified = try value(Verified.self)
            self = .verified(verified.backup, verified.report)
        case .collected: self = .collected(try value())
        case .downloads: self = .downloads(try value())
        case .download: self = .download(try value())
        case .jobs: self = .jobs(try value())
        case .job: self = .job(try value())
        case .accepted: self = .accepted(try value())
        case .done: self = .done(try value())
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .clusterStatus(let status): try container.encode(status, forKey: .clusterStatus)
        case .nodes(let nodes): try container.encode(nodes, forKey: .nodes)
        case .token(let token): try container.encode(token, forKey: .token)
        case .mails(let mails): try container.encode(mails, forKey: .mails)
        case .mail(let mail): try container.encode(mail, forKey: .mail)
        case .noticeTargets(let value): try container.encode(value, forKey: .noticeTargets)
        case .noticeTarget(let value): try container.encode(value, forKey: .noticeTarget)
        case .noticeTest(let value): try container.encode(value, forKey: .noticeTest)
        case .users(let value): try container.encode(value, forKey: .users)
        case .user(let value): try container.encode(value, forKey: .user)
        case .credential(let value): try container.encode(value, forKey: .credential)
        case .accessTokens(let value): try container.encode(value, forKey: .accessTokens)
        case .accessToken(let value): try container.encode(value, forKey: .accessToken)
        case .sessions(let value): try container.encode(value, forKey: .sessions)
        case .audit(let value): try container.encode(value, forKey: .audit)
        case .policies(let value): try container.encode(value, forKey: .policies)
        case .repaired(let value): try container.encode(value, forKey: .repaired)
        case .rebuilt(let value): try container.encode(value, forKey: .rebuilt)
        case .projects(let projects): try container.encode(projects, forKey: .projects)
        case .project(let project): try container.encode(project, forKey: .project)
        case .environments(let environments): try container.encode(environments, forKey: .environments)
        case .environment(let environment): try container.encode(environment, forKey: .environment)
        case .check(let environment, let report):
            try container.encode(Check(environment: environment, report: report), forKey: .check)
        case .backups(let backups): try container.encode(backups, forKey: .backups)
        case .backup(let backup): try container.encode(backup, forKey: .backup)
        case .tables(let page): try container.encode(page, forKey: .tables)
        case .files(let page): try container.encode(page, forKey: .files)
        case .found(let page): try container.encode(page, forKey: .found)
        case .difference(let result): try container.encode(result, forKey: .difference)
        case .given(let given): try container.encode(given, forKey: .given)
        case .schedules(let schedules): try container.encode(schedules, forKey: .schedules)
        case .schedule(let schedule): try container.encode(schedule, forKey: .schedule)
        case .retention(let retention): try container.encode(retention, forKey: .retention)
        case .retentionPreview(let preview): try container.encode(preview, forKey: .retentionPreview)
        case .restorePlan(let plan): try container.encode(plan, forKey: .restorePlan)
        case .restores(let restores): try container.encode(restores, forKey: .restores)
        case .fileRestore(let detail): try container.encode(detail, forKey: .fileRestore)
        case .restore(let restore): try container.encode(restore, forKey: .restore)
        case .verified(let backup, let report):
            try container.encode(Verified(backup: backup, report: report), forKey: .verified)
        case .collected(let collected): try container.encode(collected, forKey: .collected)
        case .downloads(let downloads): try container.encode(downloads, forKey: .downloads)
        case .download(let download): try container.encode(download, forKey: .download)
        case .jobs(let jobs): try container.encode(jobs, forKey: .jobs)
        case .job(let job): try container.encode(job, forKey: .job)
        case .accepted(let accepted): try container.encode(accepted, forKey: .accepted)
        case .done(let sentence): try container.encode(sentence, forKey: .done)
        }
    }
}
