package import HoldfastCommands
package import HoldfastModel

/// Results as text for people. Times are UTC and say so; every foreign text is made harmless.
package struct ResultRenderer: Sendable {
    package let style: TextStyle

    package init(_ style: TextStyle) { self.style = style }

    /// Without a newline at the end.
    package func text(of result: CommandResult) -> String {
        switch result {
        case .clusterStatus(let status): text(of: status)
        case .nodes(let nodes): text(of: nodes)
        case .token(let token):
            """
            \(token.token.revealed)
            For one node, until \(HumanText.time(token.expires)).
            """
        case .mails(let mails): text(of: mails)
        case .mail(let mail): text(of: mail)
        case .noticeTargets(let targets): text(of: targets)
        case .noticeTarget(let new): text(of: new)
        case .noticeTest(let result): text(of: result)
        case .users(let users): text(of: users)
        case .user(let user): text(of: user)
        case .credential(let credential): text(of: credential)
        case .accessTokens(let tokens): text(of: tokens)
        case .accessToken(let new): text(of: new)
        case .sessions(let sessions): text(of: sessions)
        case .audit(let entries): text(of: entries)
        case .policies(let policies): text(of: policies)
        case .repaired(let repaired): text(of: repaired)
        case .rebuilt(let rebuilt): text(of: rebuilt)
        case .projects(let projects): text(of: projects)
        case .project(let project): text(of: project)
        case .environments(let environments): text(of: environments)
        case .environment(let environment): text(of: environment)
        case .check(let environment, let report): text(of: report, on: environment)
        case .backups(let backups): text(of: backups)
        case .backup(let backup): text(of: backup)
        case .tables(let page): text(of: page)
        case .files(let page): text(of: page)
        case .found(let page): text(of: page)
        case .difference(let difference): text(of: difference)
        case .given(let given): text(of: given)
        case .schedules(let schedules): text(of: schedules)
        case .schedule(let schedule): text(of: schedule)
        case .retention(let retention): text(of: retention)
        case .retentionPreview(let preview): text(of: preview)
        case .restorePlan(let plan): text(of: plan)
        case .restores(let restores): text(of: restores)
        case .fileRestore(let detail): text(of: detail)
        case .restore(let restore): text(of: restore)
        case .verified(let backup, let report): text(of: report, on: backup)
        case .collected(let collected): text(of: collected)
        case .downloads(let downloads): text(of: downloads)
        case .download(let download): text(of: download)
        case .jobs(let jobs): text(of: jobs)
        case .job(let job): text(of: job)
        case .accepted(let accepted): text(of: accepted)
        case .done(let sentence): sentence.printable(limit: 4000)
        }
    }

    package func text(of error: HoldfastError) -> String {
        let usage = error.context["usage"].map { "\n" + $0 } ?? ""
        return "\(style.paint("error:", .alarm)) \(error.message.printable(limit: 4000))\(usage)"
    }

    private func text(of accepted: Accepted) -> String {
        let backup = accepted.backup.map { "Backup \($0) is accepted as job \(accepted.job)." }
        let download = accepted.download.map { "Download \($0) is accepted as job \(accepted.job)." }
        return
            "\(backup ?? download ?? "Job \(accepted.job) is accepted.") Follow it with: holdfast job watch \(accepted.job)"
    }

    /// What a person has to do something about, so that nobody overlooks it.
    func text(of attention: Attention, on what: String) -> String {
        """
        \(style.paint("!! NEEDS ATTENTION: \(what.printable()), at step \(Job.stepTitle(attention.step).printable())", .alarm))
           why    \(attention.reason.message.printable(limit: 2000))
           to do  \(style.paint(attention.whatToDo.printable(limit: 2000), .bold))
        """
    }

    func heading(_ text: String) -> String { style.paint(text, .bold) }

    func sections(_ sections: [String?]) -> String {
        sections.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
