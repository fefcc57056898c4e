package import HoldfastModel
package import HoldfastWire

/// Bulk connections to other nodes: a few to each, dialled when they are first needed and shared by all work.
package actor PeerConnections: PeerCalls {
    /// Connections to one node. One socket seldom fills a long road.
    private static let lanes = 2
    private static let objectByteLimit = 1 << 30
    private static let surveyByteLimit = 256 << 20

    private struct Lane: Hashable {
        var node: NodeID
        var number: Int
    }

    private let dialer: any Dialer
    private let time: any TimeSource
    private nonisolated let turns = Turns<Lane>()
    private nonisolated let started: AsyncStream<(Lane, Connection)>
    private nonisolated let starter: AsyncStream<(Lane, Connection)>.Continuation
    private var open: [Lane: Connection] = [:]
    private var calls = 0

    package init(dialer: any Dialer, time: any TimeSource) {
        self.dialer = dialer
        self.time = time
        (started, starter) = AsyncStream.makeStream()
    }

    /// Carries the connections until the task is cancelled. Calls wait for it.
    package nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            for await (lane, connection) in started {
                group.addTask {
                    // Those who call on it learn why it ended.
                    try? await connection.run()
                    await self.forget(lane, connection)
                }
            }
        }
    }

    package nonisolated func put(
        _ message: PutObject, bytes: [UInt8], to member: Layout.Member, by road: Road
    ) async throws {
        _ = try await connection(to: member).call(message) { writer in
            var rest = bytes[...]
            while let piece = try await road.next(of: &rest) { try await writer.write(piece) }
        }
    }

    package nonisolated func get(
        _ message: GetObject, from member: Layout.Member, by road: Road
    ) async throws -> (bytes: [UInt8], size: Int64) {
        let limit = Int(min(message.length ?? Int64(Self.objectByteLimit), Int64(Self.objectByteLimit)))
        let answer = try await connection(to: member).call(message) { reader in
            try await reader.collect(upTo: limit) { try await road.received($0) }
        }
        if let length = message.length, Int64(answer.received.count) != length {
            throw HoldfastError(
                .corrupt, "Node \(member.node) gave \(answer.received.count) bytes of \(length) it was asked for")
        }
        guard (0...Int64(Self.objectByteLimit)).contains(answer.reply.byteCount) else {
            throw HoldfastError(
                .corrupt,
                "Node \(member.node) has \(message.kind.rawValue) \(message.object) with "
                    + "\(answer.reply.byteCount) bytes, it says; no object has")
        }
        return (answer.received, answer.reply.byteCount)
    }

    package nonisolated func hold(
        _ message: HoldObjects, objects: [ObjectName], at member: Layout.Member
    ) async throws -> (reply: HoldObjects.Reply, refused: [ObjectName]) {
        let answer = try await connection(to: member).call(
            message,
            sending: { writer in
                for start in stride(from: 0, to: objects.count, by: 8192) {
                    try await writer.write(objects[start..<min(start + 8192, objects.count)].flatMap(\.bytes))
                }
            },
            receiving: { reader in
                var names: [ObjectName] = []
                for try await record in reader.records(of: ObjectName.byteCount) where names.count < objects.count {
                    names.append(ObjectName(bytes: record))
                }
                return names
            })
        return (answer.reply, answer.received)
    }

    package nonisolated func survey(_ message: SurveyObjects, of member: Layout.Member) async throws -> [UInt8] {
        try await connection(to: member).call(message) { try await $0.collect(upTo: Self.surveyByteLimit) }.received
    }

    package nonisolated func examine(
        _ message: ExamineObjects, objects: [ObjectReference], at member: Layout.Member
    ) async throws -> [ObjectReference] {
        try await connection(to: member).call(
            message,
            sending: { writer in try await writer.write(objects.flatMap(\.bytes)) },
            receiving: { reader in
                var bad: [ObjectReference] = []
                for try await record in reader.records(of: ObjectReference.byteCount) where bad.count < objects.count {
                    bad.append(try ObjectReference(bytes: record))
                }
                return bad
            }
        ).received
    }

    private nonisolated func connection(to member: Layout.Member) async throws -> Connection {
        let lane = await nextLane(to: member.node)
        return try await turns.withTurn(lane) {
            if let present = await connection(on: lane) { return present }
            let link = try await dialer.dial(NetworkAddress(member.address), expecting: .node(member.node))
            let connection = Connection(link: link, side: .dialer, purpose: .bulk, time: time)
            await keep(connection, on: lane)
            return connection
        }
    }

    private func nextLane(to node: NodeID) -> Lane {
        calls += 1
        return Lane(node: node, number: calls % Self.lanes)
    }

    private func connection(on lane: Lane) -> Connection? { open[lane] }

    private func keep(_ connection: Connection, on lane: Lane) {
        open[lane] = connection
        starter.yield((lane, connection))
    }

    private func forget(_ lane: Lane, _ connection: Connection) {
        if open[lane] === connection { open[lane] = nil }
    }
}
