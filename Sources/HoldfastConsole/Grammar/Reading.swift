import ArgumentParser
import HoldfastCommands
import HoldfastModel

/// Reads the words of a line as values, with messages that say how they are written.
enum Reading {
    @Sendable static func name(_ text: String) throws -> Name {
        do { return try Name(text) } catch { throw ValidationError(error.message) }
    }

    @Sendable static func environment(_ text: String) throws -> EnvironmentReference {
        do { return try EnvironmentReference(text) } catch { throw ValidationError(error.message) }
    }

    @Sendable static func service(_ text: String) throws -> ServiceReference {
        do { return try ServiceReference(text) } catch { throw ValidationError(error.message) }
    }

    @Sendable static func backup(_ text: String) throws -> BackupID {
        guard let id = BackupID(text) else { throw ValidationError(identifierHelp("backup", "backup list")) }
        return id
    }

    @Sendable static func job(_ text: String) throws -> JobID {
        guard let id = JobID(text) else { throw ValidationError(identifierHelp("job", "job list --all")) }
        return id
    }

    @Sendable static func mail(_ text: String) throws -> MailID {
        guard let id = MailID(text) else { throw ValidationError(identifierHelp("mail", "mail list")) }
        return id
    }

    @Sendable static func noticeTarget(_ text: String) throws -> NoticeTargetID {
        guard let id = NoticeTargetID(text) else {
            throw ValidationError(identifierHelp("receiver", "notice list"))
        }
        return id
    }

    @Sendable static func noticeKind(_ text: String) throws -> NoticeKind {
        guard let kind = NoticeKind.choices.first(where: { $0.rawValue == text }) else {
            throw ValidationError(
                "“\(text.printable(limit: 40))” is none of \(NoticeKind.choices.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return kind
    }

    @Sendable static func mailAddress(_ text: String) throws -> MailAddress {
        do { return try MailAddress(text) } catch { throw ValidationError(error.message) }
    }

    @Sendable static func download(_ text: String) throws -> DownloadID {
        guard let id = DownloadID(text) else { throw ValidationError(identifierHelp("download", "download list")) }
        return id
    }

    @Sendable static func accessToken(_ text: String) throws -> AccessTokenID {
        guard let id = AccessTokenID(text) else { throw ValidationError(identifierHelp("token", "token list")) }
        return id
    }

    @Sendable static func session(_ text: String) throws -> SessionID {
        guard let id = SessionID(text) else { throw ValidationError(identifierHelp("session", "session list")) }
        return id
    }

    @Sendable static func auditEntry(_ text: String) throws -> AuditID {
        guard let id = AuditID(text) else { throw ValidationError(identifierHelp("change", "audit list")) }
        return id
    }

    @Sendable static func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text) else {
            throw ValidationError("“\(text.printable(limit: 40))” is no role: write viewer, operator or owner.")
        }
        return role
    }

    /// `shop=operator`
    @Sendable static func projectRole(_ text: String) throws -> (project: Name, role: Role) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2 else { throw ValidationError("Write PROJECT=ROLE, as in shop=operator.") }
        return (try name(sides[0]), try role(sides[1]))
    }

    private static func identifierHelp(_ noun: String, _ list: String) -> String {
        "The identifier of a \(noun) is \(BackupID.length) letters and digits; `\(list)` shows them."
    }

    /// `media:a=media:b`
    @Sendable static func mapping(_ text: String) throws -> RestorePlan.Mapping {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2 else {
            throw ValidationError("Write SERVICE=SERVICE, of the backup and of the destination: media:a=media:b.")
        }
        let mapping = RestorePlan.Mapping(from: try service(sides[0]), to: try service(sides[1]))
        guard mapping.from.kind == mapping.to.kind else {
            throw ValidationError("A \(mapping.from.kind.rawValue) can't be restored as \(mapping.to.kind.rawValue).")
        }
        return mapping
    }

    @Sendable static func preset(_ text: String) throws -> SchedulePreset {
        guard let preset = SchedulePreset(rawValue: text) else {
            throw ValidationError("“\(text.printable(limit: 40))” is no preset: write hourly, daily or weekly.")
        }
        return preset
    }

    @Sendable static func cron(_ text: String) throws -> CronExpression {
        do { return try CronExpression(text) } catch { throw ValidationError(error.message) }
    }

    static func number(in range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            guard let number = Int(text), range.contains(number) else {
                throw ValidationError("Write a number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
    }

    @Sendable static func pathPattern(_ text: String) throws -> String {
        _ = try PathPattern(text)
        return text
    }

    @Sendable static func retentionScope(_ text: String) throws -> RetentionScope {
        text.contains("/") ? .environment(try environment(text)) : .project(try name(text))
    }

    /// A day, or what a timestamp writes.
    @Sendable static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text.utf8.count == 10 ? "\(text)T00:00:00Z" : text) else {
            throw ValidationError("Write a time in UTC, as in 2027-06-30 or 2027-06-30T12:00:00Z.")
        }
        return time
    }

    /// A whole number and `s`, `m`, `h` or `d`, in seconds; nothing at all is `0` as well.
    @Sendable static func seconds(_ text: String) throws -> Int {
        if text == "0" { return 0 }
        let factors: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last, let factor = factors[unit], let count = Int(text.dropLast()), count >= 0,
            count <= 3650 * 86_400 / factor
        else {
            throw ValidationError("Write a number and s, m, h or d, up to ten years: 90s, 30m, 24h, 7d.")
        }
        return count * factor
    }

    @Sendable static func note(_ text: String) throws -> String {
        guard text.utf8.count <= 1000 else { throw ValidationError("A note has at most 1000 bytes.") }
        return text
    }
}
