import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Logging
import Synchronization
import Testing

@testable import HoldfastNode

/// Nodes and a coordinator over links in memory.
@Suite(.timeLimit(.minutes(5))) struct PeerTests {
    /// Answers every dial with a link whose other end it serves.
    private struct InsideDialer: Dialer {
        let listener: Peer
        let dialer: Peer
        let accepted: AsyncStream<MemoryLink>.Continuation
        let dials = Counter()

        func dial(_ address: NetworkAddress, expecting role: CertificateRole) throws -> any Link {
            dials.add()
            let pair = MemoryLink.pair(dialer: dialer, listener: listener)
            accepted.yield(pair.listener)
            return pair.dialer
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    private static func serve(_ links: AsyncStream<MemoryLink>, _ handlers: Handlers) async {
        await withDiscardingTaskGroup { group in
            for await link in links {
                group.addTask {
                    try? await Connection(link: link, side: .listener, handlers: handlers, time: RealTime()).run()
                }
            }
        }
    }

    @Test func objectsTravelBetweenNodes() async throws {
        let store = try await Fixture.store(on: MemoryDisk(), node: Fixture.other)
        let (links, accepted) = AsyncStream.makeStream(of: MemoryLink.self)
        let dialer = InsideDialer(listener: .node(Fixture.other), dialer: .node(Fixture.node), accepted: accepted)
        let peers = PeerConnections(dialer: dialer, time: RealTime())
        var handlers = Handlers()
        StorageHandlers(store: store, scrubber: Scrubber(store: store, time: FixedTime())).register(in: &handlers)
        let served = handlers
        let member = Layout.Member(node: Fixture.other, region: try Name("eu"), weight: 1, address: "other:1")
        let object = Fixture.object(1, byteCount: 3_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await peers.run() }
            group.addTask { await Self.serve(links, served) }
            let put = PutObject(
                kind: .shard, object: object.name, project: Fixture.project, byteCount: Int64(object.bytes.count),
                layout: 1)
            // The second is answered before its bytes are sent.
            for _ in 0..<2 { try await peers.put(put, bytes: object.bytes, to: member, by: Road()) }
            let other = Fixture.object(2)
            await expect(.corrupt) {
                var wrong = put
                wrong.object = other.name
                try await peers.put(wrong, bytes: object.bytes, to: member, by: Road())
            }
            let get = GetObject(
                kind: .shard, object: object.name, project: Fixture.project, offset: 9, length: 2_000_000)
            let answer = try await peers.get(get, from: member, by: Road())
            #expect(answer.bytes == Array(object.bytes[9..<2_000_009]))
            #expect(answer.size == Int64(object.bytes.count))
            let hold = HoldObjects(
                backup: Fixture.backup, project: Fixture.project, until: Timestamp(milliseconds: 1_900_000_000_000),
                layout: 1)
            let held = try await peers.hold(hold, objects: [object.name, other.name], at: member)
            #expect(held.reply.objects == 1)
            #expect(held.refused == [other.name])
            #expect(try await store.isHeld(object.name))
            #expect(dialer.dials.value <= 2)
            group.cancelAll()
        }
    }

    /// Whoever asks for bytes of an object gets so many, of an object that can be.
    @Test func aNodeThatLiesAboutSizesIsNotBelieved() async throws {
        let (links, accepted) = AsyncStream.makeStream(of: MemoryLink.self)
        let dialer = InsideDialer(listener: .node(Fixture.other), dialer: .node(Fixture.node), accepted: accepted)
        let peers = PeerConnections(dialer: dialer, time: RealTime())
        let lies = Mutex<[(given: Int, size: Int64)]>([])
        var handlers = Handlers()
        handlers.on(GetObject.self, allow: [.node]) { _, context in
            let lie = lies.withLock { $0.removeFirst() }
            try await context.bulkOut.write([UInt8](repeating: 7, count: lie.given))
            return GetObject.Reply(byteCount: lie.size)
        }
        let served = handlers
        let member = Layout.Member(node: Fixture.other, region: try Name("eu"), weight: 1, address: "other:1")
        let get = GetObject(
            kind: .shard, object: Fixture.object(1).name, project: Fixture.project, offset: 0, length: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await peers.run() }
            group.addTask { await Self.serve(links, served) }
            for lie in [(99, 1000), (0, 1000), (100, -1), (100, 1 << 30 + 1), (100, .max)] as [(Int, Int64)] {
                lies.withLock { $0 = [lie] }
                await expect(.corrupt) { _ = try await peers.get(get, from: member, by: Road()) }
            }
            lies.withLock { $0 = [(100, 1 << 30)] }
            let answer = try await peers.get(get, from: member, by: Road())
            #expect(answer.bytes.count == 100)
            group.cancelAll()
        }
    }

    /// A coordinator that counts what it is told, and cuts its first connection.
    @Test func aNodeComesBack() async throws {
        let store = try await Fixture.store(on: MemoryDisk())
        let (links, accepted) = AsyncStream.makeStream(of: MemoryLink.self)
        let dialer = InsideDialer(listener: .coordinator, dialer: .node(Fixture.node), accepted: accepted)
        let (beats, beat) = AsyncStream.makeStream(of: Heartbeat.self)
        var handlers = Handlers()
        handlers.on(RegisterNode.self, allow: [.node]) { message, context in
            let peer = try context.node()
            #expect(peer == message.node)
            return RegisterNode.Reply(epoch: Epoch(4), heartbeatSeconds: 1)
        }
        handlers.on(Heartbeat.self, allow: [.node]) { message, _ in
            beat.yield(message)
            return Done()
        }
        let served = handlers
        let loop = CoordinatorLoop(
            address: try NetworkAddress("coordinator:1"), store: store,
            scrubber: Scrubber(store: store, time: RealTime()), dialer: dialer, handlers: Handlers(),
            advertised: nil,
            configuration: NodeConfiguration(name: try Name("n1"), dataDirectory: "", coordinators: []),
            softwareVersion: "1", time: RealTime(), entropy: RealEntropy(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await loop.run() }
            var dialled = links.makeAsyncIterator()
            var heard = beats.makeAsyncIterator()
            for attempt in 0..<2 {
                guard let link = await dialled.next() else { return }
                group.addTask {
                    try? await Connection(link: link, side: .listener, handlers: served, time: RealTime()).run()
                }
                let heartbeat = await heard.next()
                #expect(heartbeat?.node == Fixture.node)
                #expect(heartbeat?.takesWrites == true)
                if attempt == 0 { link.cut() }
            }
            #expect(await store.highestEpoch() == Epoch(4))
            group.cancelAll()
        }
        #expect(dialer.dials.value == 2)
    }
}
