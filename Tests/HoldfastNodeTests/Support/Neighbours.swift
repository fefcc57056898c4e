import HoldfastModel
import HoldfastWire
import Synchronization

@testable import HoldfastNode

/// Other nodes of the same process. Those that are not among the stores, or were taken away, can't be reached.
final class Neighbours: PeerCalls {
    private let state: Mutex<(stores: [NodeID: ObjectStore], calls: [NodeID: Int])>

    init(stores: [NodeID: ObjectStore]) { state = Mutex((stores, [:])) }

    /// How often each was called, also in vain.
    var calls: [NodeID: Int] { state.withLock { $0.calls } }

    func take(away node: NodeID) { state.withLock { $0.stores[node] = nil } }

    private func store(_ member: Layout.Member) throws -> ObjectStore {
        let store = state.withLock { state in
            state.calls[member.node, default: 0] += 1
            return state.stores[member.node]
        }
        guard let store else { throw HoldfastError(.unavailable, "gone") }
        return store
    }

    func put(_ message: PutObject, bytes: [UInt8], to member: Layout.Member, by road: Road) async throws {
        try await store(member).put(
            message.kind, message.object, project: message.project, layout: message.layout, bytes: bytes)
    }

    func get(
        _ message: GetObject, from member: Layout.Member, by road: Road
    ) async throws -> (bytes: [UInt8], size: Int64) {
        let store = try store(member)
        return (
            try await store.bytes(message.kind, message.object, offset: message.offset, length: message.length),
            try await store.size(message.kind, message.object)
        )
    }

    func hold(
        _ message: HoldObjects, objects: [ObjectName], at member: Layout.Member
    ) async throws -> (reply: HoldObjects.Reply, refused: [ObjectName]) {
        let outcome = try await store(member).hold(
            message.backup, project: message.project, objects: objects, until: message.until, layout: message.layout
        )
        return (
            .init(objects: outcome.objects, bytes: outcome.bytes, refused: outcome.refused.count), outcome.refused
        )
    }

    func survey(_ message: SurveyObjects, of member: Layout.Member) async throws -> [UInt8] {
        try await store(member).survey(message.subjects, of: message.project).bytes
    }

    func examine(
        _ message: ExamineObjects, objects: [ObjectReference], at member: Layout.Member
    ) async throws -> [ObjectReference] { try await store(member).examine(objects) }
}
