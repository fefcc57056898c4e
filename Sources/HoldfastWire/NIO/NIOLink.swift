import HoldfastModel
import NIOCore
import Synchronization

/// A link over a TLS socket.
final class NIOLink: Link {
    /// Bytes that may be between `send` and the kernel: enough to keep it busy, little enough for control to overtake.
    private static let inFlight = 512 << 10

    private struct Flight {
        var bytes = 0
        var failure: HoldfastError?
        var isClosing = false
        var waiter: Waiter?
    }

    let peer: Peer
    private let channel: any Channel
    private let inbox: LinkInbox
    private let flight = Mutex(Flight())

    init(channel: any Channel, peer: Peer, inbox: LinkInbox) {
        self.channel = channel
        self.peer = peer
        self.inbox = inbox
    }

    func send(_ frame: Frame) async throws {
        let (head, body) = FrameEncoder.parts(of: frame)
        var buffer = channel.allocator.buffer(capacity: head.count + body.count)
        buffer.writeBytes(head)
        buffer.writeBytes(body)
        let count = buffer.readableBytes
        let refusal = flight.withLock { flight -> HoldfastError? in
            if let failure = flight.failure { return failure }
            if flight.isClosing { return HoldfastError(.unavailable, "The connection is closed.") }
            flight.bytes += count
            return nil
        }
        if let refusal { throw refusal }
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [self] in landed(count, $0) }
        channel.writeAndFlush(buffer, promise: written)
        while true {
            let waiter = Waiter()
            let (isFree, failure) = flight.withLock { flight in
                let isFree = flight.bytes <= Self.inFlight
                if !isFree, flight.failure == nil { flight.waiter = waiter }
                return (isFree, flight.failure)
            }
            if let failure { throw failure }
            if isFree { return }
            await waiter.wait()
            try Task.checkCancellation()
        }
    }

    func receive() async throws -> Frame? {
        try await inbox.take { channel.read() }
    }

    func close() async {
        let isFirst = flight.withLock { flight in
            defer { flight.isClosing = true }
            return !flight.isClosing
        }
        guard isFirst else { return }
        // What was sent gets two seconds to leave.
        let timer = channel.eventLoop.scheduleTask(in: .seconds(2)) { [channel] in channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
        closeIfLanded()
    }

    private func landed(_ count: Int, _ result: Result<Void, any Error>) {
        let waiter = flight.withLock { flight -> Waiter? in
            flight.bytes -= count
            if case .failure(let error) = result, flight.failure == nil { flight.failure = LinkFailure.error(error) }
            defer { flight.waiter = nil }
            return flight.waiter
        }
        waiter?.fire()
        closeIfLanded()
    }

    private func closeIfLanded() {
        if flight.withLock({ $0.isClosing && $0.bytes == 0 }) { channel.close(promise: nil) }
    }
}
