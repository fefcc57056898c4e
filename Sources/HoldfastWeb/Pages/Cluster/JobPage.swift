import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Any job with its journal.
struct JobPage: Sendable {
    private struct Page {
        struct Line {
            let at: String
            let text: String
        }

        struct Trouble {
            let reason: String
            let whatToDo: String
        }

        struct Link {
            let title: String
            let address: String
        }

        let frame: Frame
        let id: String
        let title: String
        let when: Moment
        let author: String
        let state: Badge
        let step: String
        let waits: String
        let isRunning: Bool
        let attention: Trouble?
        let failure: String?
        let links: [Link]
        let journal: [Line]
    }

    func show(_ visit: Visit, _ id: JobID) async throws -> Response {
        let detail = try await visit.job(id)
        let job = detail.summary
        let isRunning = [.running, .waiting].contains(job.status)
        let page = Page(
            frame: Frame(
                title: "\(Words.kind(job.kind)) of \(job.environment)", in: .cluster, visit, refresh: isRunning),
            id: id.text, title: "\(Words.kind(job.kind)) of \(job.environment)",
            when: Moment(job.createdAt, visit.now), author: job.author, state: Words.badge(job.status),
            step: Job.stepTitle(job.step), waits: job.waitingFor.map { "Waits for \($0)" } ?? "", isRunning: isRunning,
            attention: job.attention.map {
                Page.Trouble(
                    reason: PageWording.text($0.reason.message), whatToDo: PageWording.text($0.whatToDo))
            },
            failure: nil,
            links: job.kind == .restore ? [Page.Link(title: "To the restore", address: "/restores/\(id)")] : [],
            journal: detail.journal.map { Page.Line(at: $0.at.plain, text: $0.text) })
        return try .page(Templates.render(page, as: "job"))
    }
}
