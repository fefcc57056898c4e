import HoldfastCommands
import HoldfastModel
import Hummingbird

/// The audit: who changed what, when, from where.
struct ActivityPage: Sendable {
    private struct Page {
        struct Choice {
            let value: String
            let isChosen: Bool
        }

        struct Row {
            let when: Moment
            let who: String
            let what: String
            let from: String
            let result: Badge
        }

        let frame: Frame
        let mayAll: Bool
        let projects: [Choice]
        let user: String
        let rows: [Row]
        let hasRows: Bool
        let more: String?
        let empty: String
    }

    private static let length = 100

    func show(_ visit: Visit) async throws -> Response {
        let own = try await visit.projects().map(\.name).filter { visit.principal.has(.owner, in: $0) }
        let wanted = visit.query["project"].flatMap { try? Name($0) }
        // Others than administrators see the projects that they own, one at a time.
        let project = wanted ?? (visit.principal.isAdministrator ? nil : own.first)
        let user = visit.query["user"]?.trimmed ?? ""
        var entries: [AuditEntry] = []
        if project != nil || visit.principal.isAdministrator {
            entries = try await visit.get(
                .auditList(
                    AuditList(
                        project: project, user: user.isEmpty ? nil : user, limit: Self.length,
                        after: visit.query["after"].flatMap { AuditID($0) }))
            ) { if case .audit(let value) = $0 { value } else { nil } }
        }
        let more = entries.count == Self.length ? entries.last : nil
        let page = Page(
            frame: Frame(title: "Activity", in: .activity, visit), mayAll: visit.principal.isAdministrator,
            projects: own.map { Page.Choice(value: $0.text, isChosen: $0 == project) }, user: user,
            rows: entries.map { row($0, visit.now) }, hasRows: !entries.isEmpty,
            more: more.map { "?project=\(project?.text ?? "")&after=\($0.id)" },
            empty: own.isEmpty ? "The owners of a project see here what was changed in it." : "Nothing was changed yet."
        )
        return try .page(Templates.render(page, as: "activity"))
    }

    private func row(_ entry: AuditEntry, _ now: Timestamp) -> Page.Row {
        let result =
            switch entry.result {
            case .accepted: Badge("done", "good")
            case .refused: Badge("refused", "warn")
            case .failed(let code): Badge(code.rawValue, "bad")
            }
        let from =
            entry.origin.address.map { "\(entry.origin.channel.rawValue), \($0)" } ?? entry.origin.channel.rawValue
        return Page.Row(
            when: Moment(entry.at, now), who: entry.user + (entry.token.map { " (token \($0))" } ?? ""),
            what: entry.change, from: from, result: result)
    }
}
