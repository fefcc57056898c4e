import HoldfastCommands
import HoldfastModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Sends a range of a file, as fast as its client takes it.
struct Transfer: Sendable {
    let source: any DownloadSource
    let found: LinkedFile
    let range: Range<Int64>
    let stallTimeout: Duration
    let time: any TimeSource
    let logger: Logger

    /// - Throws: where not all of it could be sent; the connection then ends early, and its client comes back for the rest.
    func run(_ writer: inout any ResponseBodyWriter) async throws {
        let body = Body(writer)
        let begun = time.uptime
        let what =
            "file \(found.number) of download \(found.download), bytes \(range.lowerBound) to \(range.upperBound)"
        logger.info("Sending \(what)")
        do {
            try await watched(body)
            try await body.finish()
            logger.info("Sent \(what) in \(time.uptime - begun)")
        } catch {
            let sent = body.progress.bytes
            logger.info("Broke off \(what) after \(sent) bytes: \(Self.reason(error))")
            throw error
        }
    }

    /// Ends the sending when the client takes nothing for too long.
    private func watched(_ body: Body) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await source.read(found, range) { try await body.write($0) }
                return true
            }
            group.addTask {
                while true {
                    let before = body.progress
                    try await time.sleep(for: stallTimeout)
                    let now = body.progress
                    if now.isWriting, before.isWriting, now.bytes == before.bytes {
                        throw HoldfastError(.timedOut, "The client took nothing for \(stallTimeout)")
                    }
                }
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next() {
                if isDone { return }
            }
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let refusal as LinkRefusal: "the link is \(refusal)"
        case let error as HoldfastError: error.description
        case is CancellationError: "this service is stopping"
        default: "the client went away"
        }
    }

    /// The writer of an answer, used by one task at a time.
    private final class Body: @unchecked Sendable {
        private var writer: any ResponseBodyWriter
        private let state = Mutex<(bytes: Int64, isWriting: Bool)>((0, false))

        init(_ writer: any ResponseBodyWriter) { self.writer = writer }

        var progress: (bytes: Int64, isWriting: Bool) { state.withLock { $0 } }

        func write(_ bytes: [UInt8]) async throws {
            state.withLock { $0.isWriting = true }
            try await writer.write(ByteBuffer(bytes: bytes))
            state.withLock { $0 = ($0.bytes + Int64(bytes.count), false) }
        }

        func finish() async throws { try await writer.finish(nil) }
    }
}
