package import HoldfastCommands
import HoldfastModel
import NIOCore

/// A connection to a console port in JSON mode, logged in. Not for use by two tasks at once.
package final class ConsoleConnection {
    /// A result with a thousand backups is about a MiB.
    private static let answerLimitBytes = 64 * 1024 * 1024

    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    /// Only one task at a time asks for the next bytes; NIO's iterator can't be told so.
    nonisolated(unsafe) private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var pending: [UInt8] = []
    private var start = 0
    private var sequence = 0

    init(
        _ channel: any Channel, _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Ends the connection from any task; the work on the cluster goes on.
    var hangUp: @Sendable () -> Void {
        let channel = channel
        return { channel.close(promise: nil) }
    }

    func logIn(_ token: Secret) async throws {
        let greeting = String(decoding: try await nextLine(), as: UTF8.self)
        guard greeting.hasPrefix("Holdfast console 1") else {
            throw HoldfastError(
                greeting.hasPrefix("error:") ? .unavailable : .unsupported,
                greeting.hasPrefix("error:") || greeting.hasPrefix("Holdfast")
                    ? String(greeting.trimmingPrefix("error: ")).printable() : "What answers is no Holdfast console")
        }
        _ = try await perform("mode json") { _ in }
        _ = try await perform(LineSplitter.quoted("login") + " " + LineSplitter.quoted(token.revealed)) { _ in }
    }

    /// Sends one line and follows its answer to the end.
    ///
    /// - Throws: the error that the cluster answers; `unavailable` where the connection ends first, `malformed` for an
    ///   answer that is none.
    package func perform(
        _ line: String, onEvent: (CommandEvent) async throws -> Void
    ) async throws -> CommandResult {
        // A line break in a word would begin another command, given with this client's rights.
        if let control = line.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) {
            throw HoldfastError(
                .invalidArgument,
                "An argument holds the control character \("\(control)".printable()): write it without line breaks and tabs"
            )
        }
        sequence += 1
        try await outbound.write(ByteBuffer(string: line + "\n"))
        while true {
            let answer = try JSONLine.value(ConsoleAnswer.self, from: try await nextLine())
            guard answer.sequence == sequence else { continue }
            if let event = answer.event { try await onEvent(event) }
            if let error = answer.error { throw error.error }
            if let result = answer.result { return result }
        }
    }

    private func nextLine() async throws -> ArraySlice<UInt8> {
        var searched = start
        while true {
            if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return pending[start..<end]
            }
            pending.removeFirst(start)
            start = 0
            searched = pending.count
            guard pending.count <= Self.answerLimitBytes else {
                throw HoldfastError(.tooLarge, "The cluster's answer is longer than \(Self.answerLimitBytes) bytes")
            }
            guard let chunk = try await inbound.next() else {
                throw HoldfastError(
                    .unavailable,
                    "The connection to the cluster ended. What was begun goes on: look at `holdfast job list`")
            }
            pending += chunk.readableBytesView
        }
    }
}
