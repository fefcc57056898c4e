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
    /// For the log.
    let what: String
    let time: any TimeSource
    let logger: Logger
    /// Gives the bytes in order; returns after the last.
    let read: @Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void

    /// - Throws: where not all of it could be sent; the connection then ends early, and its client comes back for the rest.
    func run(_ writer: inout any ResponseBodyWriter) async throws {
        let body = Body(writer)
        let begun = time.uptime
        logger.info("Sending \(what)")
        do {
            try await read { try await body.write($0) }
            try await body.finish()
            logger.info("Sent \(what) in \(time.uptime - begun)")
        } catch {
            logger.info("Broke off \(what) after \(body.bytes) bytes: \(Self.reason(error))")
            throw error
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
        private let sent = Atomic<Int64>(0)

        init(_ writer: any ResponseBodyWriter) { self.writer = writer }

        /// How much of it the connection has taken.
        var bytes: Int64 { sent.load(ordering: .relaxed) }

        func write(_ bytes: [UInt8]) async throws {
            try await writer.write(ByteBuffer(bytes: bytes))
            sent.add(Int64(bytes.count), ordering: .relaxed)
        }

        func finish() async throws { try await writer.finish(nil) }
    }
}
