import HoldfastCommands
import HoldfastModel

/// A result without the word for its kind: what the API answers with.
enum Payload {
    case one(any Encodable)
    case many([any Encodable])
}

struct Message: Codable, Sendable {
    var message: String
}

struct VerifyAnswer: Codable, Sendable {
    var backup: BackupID
    var report: VerifyReport
}

extension CommandResult {
    var payload: Payload {
        switch self {
        case .clusterStatus(let value): .one(value)
        case .nodes(let values): .many(values)
        case .token(let value): .one(value)
        case .mails(let values): .many(values)
        case .mail(let value): .one(value)
        case .noticeTargets(let values): .many(values)
        case .noticeTarget(let value): .one(value)
        case .noticeTest(let value): .one(value)
        case .users(let values): .many(values)
        case .user(let value): .one(value)
        case .credential(let value): .one(value)
        case .accessTokens(let values): .many(values)
        case .accessToken(let value): .one(value)
        case .sessions(let values): .many(values)
        case .audit(let values): .many(values)
        case .policies(let values): .many(values)
        case .repaired(let values): .many(values)
        case .rebuilt(let value): .one(value)
        case .projects(let values): .many(values)
        case .project(let value): .one(value)
        case .environments(let values): .many(values)
        case .environment(let value): .one(value)
        case .check(let environment, let report): .one(CheckAnswer(environment: environment, report: report))
        case .backups(let values): .many(values)
        case .backup(let value): .one(value)
        case .tables(let value): .one(value)
        case .files(let value): .one(value)
        case .found(let value): .one(value)
        case .difference(let value): .one(value)
        case .given(let value): .one(value)
        case .schedules(let values): .many(values)
        case .schedule(let value): .one(value)
        case .retention(let value): .one(value)
        case .retentionPreview(let value): .one(value)
        case .restorePlan(let value): .one(value)
        case .restores(let values): .many(values)
        case .fileRestore(let value): .one(value)
        case .restore(let value): .one(value)
        case .verified(let backup, let report): .one(VerifyAnswer(backup: backup, report: report))
        case .collected(let values): .many(values)
        case .downloads(let values): .many(values)
        case .download(let value): .one(value)
        case .jobs(let values): .many(values)
        case .job(let value): .one(value)
        case .accepted(let value): .one(value)
        case .done(let sentence): .one(Message(message: sentence))
        }
    }
}
