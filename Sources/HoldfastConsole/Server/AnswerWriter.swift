import HoldfastCommands
import HoldfastModel
import NIOCore
import Synchronization

/// Writes answers to one connection, as text or as JSON. Each write waits until the peer takes it, which is what slows
/// a command's reports down to the pace of a slow reader.
final class AnswerWriter: Sendable {
    private struct Pace {
        var lastProgress: Duration?
        var meter = ProgressMeter()
    }

    private static let renderer = ResultRenderer(.plain)

    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let watch: SessionWatch
    private let time: any TimeSource
    private let pace = Mutex(Pace())

    init(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, watch: SessionWatch, time: any TimeSource) {
        self.outbound = outbound
        self.watch = watch
        self.time = time
    }

    func write(_ text: String) async throws {
        watch.writes(since: time.uptime)
        defer { watch.writes(since: nil) }
        try await outbound.write(ByteBuffer(string: text))
    }

    func answer(_ result: CommandResult, to sequence: Int, asJSON: Bool) async throws {
        try await write(
            asJSON
                ? JSONLine.text(of: ConsoleAnswer(sequence: sequence, result: result)) + "\n"
                : Self.renderer.text(of: result) + "\n\n")
    }

    func answer(_ error: HoldfastError, to sequence: Int, asJSON: Bool) async throws {
        try await write(
            asJSON
                ? JSONLine.text(of: ConsoleAnswer(sequence: sequence, error: ErrorAnswer(error))) + "\n"
                : Self.renderer.text(of: error) + "\n\n")
    }

    /// Tells an event; of progress only as much as can be looked at. A connection that is gone is no reason to fail: the
    /// job goes on unwatched.
    func report(_ event: CommandEvent, to sequence: Int, asJSON: Bool) async {
        guard let line = line(for: event, sequence, asJSON) else { return }
        try? await write(line + "\n")
    }

    func beginCommand() { pace.withLock { $0 = Pace() } }

    private func line(for event: CommandEvent, _ sequence: Int, _ asJSON: Bool) -> String? {
        let interval = asJSON ? Duration.milliseconds(100) : .seconds(5)
        let uptime = time.uptime
        if case .progress(let progress) = event {
            let text: String? = pace.withLock { pace in
                if let last = pace.lastProgress, uptime - last < interval { return nil }
                pace.lastProgress = uptime
                return pace.meter.line(for: progress, at: uptime, columns: nil)
            }
            guard let text else { return nil }
            if !asJSON { return text }
        }
        guard !asJSON else { return JSONLine.text(of: ConsoleAnswer(sequence: sequence, event: event)) }
        return EventText.line(for: event)
    }
}
