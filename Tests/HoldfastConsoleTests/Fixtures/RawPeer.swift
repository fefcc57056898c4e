import HoldfastModel
import NIOCore
import NIOPosix
import NIOSSL

@testable import HoldfastConsole

/// A peer that sends and receives bytes over TLS, or without.
final class RawPeer {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    nonisolated(unsafe) private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var pending: [UInt8] = []

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    static func with<Result: Sendable>(
        port: Int, isTLS: Bool = true, from source: String = "127.0.0.1", _ body: (RawPeer) async throws -> Result
    ) async throws -> Result {
        let context = try ConsoleTLS.clientContext(trusting: TestAuthority.shared.authorityPEM)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: source, port: 0))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isTLS {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawPeer(inbound, outbound))
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
    func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// Nil when the peer has closed.
    func line() async -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            guard let chunk = try? await inbound.next() else { return nil }
            pending += chunk.readableBytesView
        }
    }

    /// Everything until the peer closes.
    func rest() async -> [String] {
        var lines: [String] = []
        while let line = await line() { lines.append(line) }
        return lines
    }

    func ask(_ command: String) async throws -> String? {
        try await send(command + "\n")
        return await line()
    }
}
