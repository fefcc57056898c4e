import HoldfastCommands
import HoldfastModel
import HTTPTypes
import Hummingbird
import Logging

/// Answers with something out of a backup, read as its client takes it: for the API and for the pages.
struct ContentService: Sendable {
    let commands: any CommandService
    /// As many as files of downloads: both read the same shards.
    let slots: Slots
    let time: any TimeSource
    let logger: Logger

    /// - Throws: what opening it throws; `unavailable` where too many are being sent.
    func answer(
        _ request: Request, _ get: BackupGet, as principal: Principal, from origin: Origin
    ) async throws -> Response {
        // Before anything is read: opening a table reads all of its rows.
        let slot = try slot(for: origin)
        let content = try await commands.open(get, as: principal, from: origin)
        let head = content.head
        let attachment = Attachment(
            name: head.name, type: head.type, bytes: head.bytes, tag: head.tag,
            modified: Timestamp(milliseconds: head.capturedAt.milliseconds / 1000 * 1000),
            what: "\(head.form.rawValue) of backup \(head.backup)"
        ) { try await content.read($0, $1) }
        do {
            return try attachment.response(to: request, slot: { slot }, time: time, logger: logger)
        } catch Attachment.Refusal.preconditionFailed {
            return Response(status: .preconditionFailed)
        } catch Attachment.Refusal.notSatisfiable {
            return Response(status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(head.bytes)"])
        }
    }

    private func slot(for origin: Origin) throws(HoldfastError) -> Slot {
        do { return try slots.take(for: origin.place) } catch {
            throw HoldfastError(.unavailable, "Too many files are being fetched now: try again in a minute")
        }
    }
}
