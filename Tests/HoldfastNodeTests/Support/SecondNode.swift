import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization

@testable import HoldfastNode

/// Another node of the same process, which can be made to refuse holds and to keep puts waiting.
final class SecondNode: PeerCalls {
    let store: ObjectStore
    private let state: Mutex<(refusals: Int, isOpen: Bool, stored: [ObjectKind])>

    /// - Parameter refusals: how many holds are refused as a whole.
    init(refusals: Int = 0, isOpen: Bool = true) async throws {
        store = try await Fixture.store(on: MemoryDisk(), node: Fixture.other)
        state = Mutex((refusals, isOpen, []))
    }

    var puts: Int { stored.count }
    /// What was put, in order.
    var stored: [ObjectKind] { state.withLock { $0.stored } }
    func open() { state.withLock { $0.isOpen = true } }

    func put(_ message: PutObject, bytes: [UInt8], to member: Layout.Member, by road: Road) async throws {
        state.withLock { $0.stored.append(message.kind) }
        while !state.withLock({ $0.isOpen }) {
            try Task.checkCancellation()
            await Task.yield()
        }
        try await store.put(
            message.kind, message.object, project: message.project, layout: message.layout, bytes: bytes)
    }

    func get(
        _ message: GetObject, from member: Layout.Member, by road: Road
    ) async throws -> (bytes: [UInt8], size: Int64) {
        (
            try await store.bytes(message.kind, message.object, offset: message.offset, length: message.length),
            try await store.size(message.kind, message.object)
        )
    }

    func hold(
        _ message: HoldObjects, objects: [ObjectName], at member: Layout.Member
    ) async throws -> (reply: HoldObjects.Reply, refused: [ObjectName]) {
        let refuses = state.withLock { state in
            state.refusals -= 1
            return state.refusals >= 0
        }
        if refuses { return (.init(objects: 0, bytes: 0, refused: objects.count), objects) }
        let outcome = try await store.hold(
            message.backup, project: message.project, objects: objects, until: message.until, layout: message.layout)
        return (.init(objects: outcome.objects, bytes: outcome.bytes, refused: outcome.refused.count), outcome.refused)
    }

    func survey(_ message: SurveyObjects, of member: Layout.Member) async throws -> [UInt8] {
        try await store.survey(message.subjects, of: message.project).bytes
    }

    func examine(
        _ message: ExamineObjects, objects: [ObjectReference], at member: Layout.Member
    ) async throws -> [ObjectReference] { try await store.examine(objects) }

    /// Both nodes hold everything.
    static var terms: PlacementTerms {
        get throws {
            let (eu, us) = (try Name("eu"), try Name("us"))
            return PlacementTerms(
                layout: Layout(
                    number: 1,
                    members: [
                        .init(node: Fixture.node, region: eu, weight: 1, address: ""),
                        .init(node: Fixture.other, region: us, weight: 1, address: "other:1"),
                    ]),
                policy: PlacementPolicy(name: eu, copies: 2, regions: 2))
        }
    }
}
