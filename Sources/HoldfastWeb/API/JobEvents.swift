import HoldfastCommands
import HoldfastModel
import Hummingbird
import NIOCore

/// A job as it goes on, for those who watch: first what its journal says, each line with its number, by which a broken
/// connection goes on where it ended; then what it tells, which is not kept; at the end how it ended.
struct JobEvents: Sendable {
    private static let heartbeat = Duration.seconds(15)

    let commands: any CommandService
    let job: JobID
    let principal: Principal
    let origin: Origin
    /// What whoever watches may now; throws for one who may not look any more.
    let present: @Sendable () async throws -> Principal
    let time: any TimeSource

    func journal() async throws -> JobDetail {
        guard
            case .job(let detail) = try await commands.perform(
                .jobShow(job), as: principal, from: origin, report: { _ in })
        else { throw HoldfastError(.internal, "No job") }
        return detail
    }

    func run(_ before: JobDetail, after last: Int64, to writer: any ResponseBodyWriter) async throws {
        let stream = EventStream(writer)
        var last = try await write(before, after: last, to: stream)
        var isOver = false
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(500))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                // How it ended is told below; who stops watching stops no job.
                _ = try? await commands.perform(.jobWatch(job), as: principal, from: origin) { event in
                    continuation.yield(.event(event))
                }
            }
            group.addTask {
                while (try? await time.sleep(for: Self.heartbeat)) != nil { continuation.yield(.heartbeat) }
            }
            defer { group.cancelAll() }
            for await signal in signals {
                switch signal {
                case .heartbeat:
                    guard await mayStillWatch() else { return isOver = true }
                    try await stream.beat()
                case .event(let event):
                    if case .step = event { last = try await write(try await journal(), after: last, to: stream) }
                    try await stream.write(event.name, event.data)
                }
            }
        }
        // Without a last word: whoever may not watch any more is told why when they ask again.
        if isOver { return try await stream.finish() }
        let end = try await journal()
        _ = try await write(end, after: last, to: stream)
        try await stream.write("end", APIJSON.bytes(of: end.summary))
        try await stream.finish()
    }

    /// A token that was revoked, a session that ended and a role that was taken away end the stream, too.
    private func mayStillWatch() async -> Bool {
        do {
            _ = try await commands.perform(.jobShow(job), as: try await present(), from: origin) { _ in }
            return true
        } catch {
            return false
        }
    }

    private enum Signal: Sendable {
        case event(CommandEvent)
        case heartbeat
    }

    /// - Returns: the number of the last line.
    private func write(_ detail: JobDetail, after last: Int64, to stream: EventStream) async throws -> Int64 {
        for line in detail.journal where line.number > last {
            try await stream.write("journal", APIJSON.bytes(of: line), number: line.number)
        }
        return max(last, detail.journal.last?.number ?? last)
    }
}

/// Writes server-sent events; used by one task at a time.
private final class EventStream: @unchecked Sendable {
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func write(_ name: String, _ data: [UInt8], number: Int64? = nil) async throws {
        var buffer = ByteBuffer(string: number.map { "id: \($0)\n" } ?? "")
        buffer.writeString("event: \(name)\ndata: ")
        // JSON of ours has no line break in it.
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        try await writer.write(buffer)
    }

    /// Keeps the connection from being taken for a dead one.
    func beat() async throws { try await writer.write(ByteBuffer(string: ": still here\n\n")) }

    func finish() async throws { try await writer.finish(nil) }
}

extension CommandEvent {
    fileprivate var name: String {
        switch self {
        case .accepted: "accepted"
        case .step: "step"
        case .progress: "progress"
        case .waiting: "waiting"
        case .note: "note"
        case .content: "content"
        case .piece: "piece"
        }
    }

    fileprivate var data: [UInt8] {
        switch self {
        case .accepted(let accepted): APIJSON.bytes(of: accepted)
        case .progress(let progress): APIJSON.bytes(of: progress)
        case .content(let head): APIJSON.bytes(of: head)
        // No job gives any.
        case .piece(let bytes): bytes
        case .step(let text), .waiting(let text), .note(let text): APIJSON.bytes(of: Message(message: text))
        }
    }
}
