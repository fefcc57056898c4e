package import HoldfastModel
package import HoldfastWire

/// Puts, reads and holds a project's objects on the nodes where placement says they lie. This node's own are reached by a
/// call, the others' over the wire.
package struct ObjectRouter: Sendable {
    package let project: ProjectID
    package let terms: PlacementTerms
    private let placement: Placement
    private let store: ObjectStore
    private let peers: any PeerCalls
    private let road: Road
    private var passedOver = 0

    /// - Throws: `checkFailed` where the layout can't meet the policy.
    package init(
        project: ProjectID, terms: PlacementTerms, store: ObjectStore, peers: any PeerCalls,
        road: Road = Road()
    ) throws(HoldfastError) {
        self.project = project
        self.terms = terms
        self.placement = try Placement(layout: terms.layout, policy: terms.policy)
        self.store = store
        self.peers = peers
        self.road = road
    }

    /// Stores the object; returns once every node that should hold it has it durably.
    package func put(_ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8]) async throws {
        let holders = placement.holders(of: name)
        if let only = holders.first, holders.count == 1 { return try await put(kind, name, bytes: bytes, to: only) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for holder in holders { group.addTask { try await put(kind, name, bytes: bytes, to: holder) } }
            try await group.waitForAll()
        }
    }

    private func put(_ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8], to holder: Layout.Member) async throws {
        let layout = terms.layout.number
        if holder.node == store.node {
            var rest = bytes[...]
            return try await store.put(
                kind, name, project: project, layout: layout, byteCount: Int64(bytes.count)
            ) { try await road.next(of: &rest) }
        }
        let message = PutObject(
            kind: kind, object: name, project: project, byteCount: Int64(bytes.count), layout: layout)
        try await peers.put(message, bytes: bytes, to: holder, by: road)
    }

    /// A range of an object from the first node that gives it; a nil length reads to the end. The bytes are not checked.
    package func read(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?
    ) async throws -> [UInt8] {
        try await first(kind, name) { member in
            if member.node == store.node {
                let bytes = try await store.bytes(kind, name, offset: offset, length: length)
                try await road.received(bytes.count)
                return bytes
            }
            return try await get(kind, name, offset: offset, length: length, from: member).bytes
        }
    }

    /// For who found the copies of the first places damaged.
    package func passingOver(_ places: Int) -> ObjectRouter? {
        guard places < placement.layout.members.count else { return nil }
        var router = self
        router.passedOver = places
        return router
    }

    /// Bytes of the whole object, as the first node that has it says.
    package func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 {
        try await first(kind, name) { member in
            if member.node == store.node { return try await store.size(kind, name) }
            return try await get(kind, name, offset: 0, length: 0, from: member).size
        }
    }

    private func get(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?, from member: Layout.Member
    ) async throws -> (bytes: [UInt8], size: Int64) {
        let message = GetObject(kind: kind, object: name, project: project, offset: offset, length: length)
        return try await peers.get(message, from: member, by: road)
    }

    /// Asks this node if it is a holder, then the other holders, then whoever would take over from them.
    private func first<Result>(
        _ kind: ObjectKind, _ name: ObjectName, _ ask: (Layout.Member) async throws -> Result
    ) async throws -> Result {
        var errors: [HoldfastError] = []
        for member in candidates(for: name) {
            do {
                return try await ask(member)
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                errors.append(HoldfastError(error).during("node \(member.node)"))
            }
        }
        let isGone = errors.allSatisfy { $0.code == .notFound }
        let worst = errors.first { $0.code != .notFound } ?? errors.first
        throw HoldfastError(
            isGone ? .notFound : worst?.code ?? .unavailable,
            "No node gave \(kind.rawValue) \(name): " + errors.prefix(3).map(\.message).joined(separator: "; "),
            context: ["object": name.description])
    }

    private func candidates(for name: ObjectName) -> [Layout.Member] {
        let holders = placement.holders(of: name)
        let own = holders.filter { $0.node == store.node }
        let rest = placement.ranking(of: name).filter { member in !holders.contains { $0.node == member.node } }
        return Array((own + holders.filter { $0.node != store.node } + rest).dropFirst(passedOver))
    }

    /// Protects the objects from collection at every node that should hold them.
    ///
    /// - Returns: the receipt, where every holder of every object has it; otherwise the objects that some holder lacks.
    package func hold(_ objects: [ObjectName], for backup: BackupID, until: Timestamp) async throws -> HoldResult {
        var shares: [NodeID: (member: Layout.Member, objects: [ObjectName])] = [:]
        let all = Set(objects).sorted()
        for object in all {
            for holder in placement.holders(of: object) {
                shares[holder.node, default: (holder, [])].objects.append(object)
            }
        }
        var holdings: [Receipt.Holding] = []
        var refused: Set<ObjectName> = []
        for share in shares.values.sorted(by: { $0.member.node < $1.member.node }) {
            let outcome = try await hold(share.objects, for: backup, until: until, at: share.member)
            refused.formUnion(outcome.refused)
            guard outcome.objects == share.objects.count - outcome.refused.count else {
                throw HoldfastError(
                    .internal, "Node \(share.member.node) answered for other objects than it was asked to hold")
            }
            holdings.append(
                Receipt.Holding(
                    node: share.member.node, region: share.member.region, objects: outcome.objects, bytes: outcome.bytes
                ))
        }
        guard refused.isEmpty else { return .refused(refused.sorted()) }
        return .held(
            Receipt(layout: terms.layout.number, heldUntil: until, objects: all.count, holdings: holdings))
    }

    package enum HoldResult: Sendable {
        case held(Receipt)
        /// These must be stored again.
        case refused([ObjectName])
    }

    /// Those of the shards that some node would refuse to hold now, because they were deleted, condemned or lost there. Of
    /// nodes that don't answer nothing is told; in the end the holds decide.
    package func refusable(among shards: [ObjectName]) async throws -> Set<ObjectName> {
        var shares: [NodeID: (member: Layout.Member, shards: Set<ObjectName>)] = [:]
        for shard in shards {
            for holder in placement.holders(of: shard) {
                shares[holder.node, default: (holder, [])].shards.insert(shard)
            }
        }
        var refusable: Set<ObjectName> = []
        for share in shares.values.sorted(by: { $0.member.node < $1.member.node }) {
            guard let records = try await survey(.shards, of: share.member) else { continue }
            refusable.formUnion(share.shards.subtracting(Self.holdable(records)))
        }
        return refusable
    }

    /// What each node says of the subject. Of those that don't answer nothing is told.
    func survey(_ subject: SurveyObjects.Subject) async throws -> [[UInt8]] {
        var answers: [[UInt8]] = []
        for member in placement.layout.members.sorted(by: { $0.node < $1.node }) {
            if let records = try await survey(subject, of: member) { answers.append(records) }
        }
        return answers
    }

    private func survey(_ subject: SurveyObjects.Subject, of member: Layout.Member) async throws -> [UInt8]? {
        do {
            if member.node == store.node { return try await store.survey(subject, of: project).bytes }
            return try await peers.survey(SurveyObjects(project: project, subject: subject), of: member)
        } catch let error as HoldfastError where error.code != .cancelled {
            return nil
        }
    }

    /// - Parameter records: names of 32 bytes, each with a 1 after it where the shard is condemned.
    private static func holdable(_ records: [UInt8]) -> Set<ObjectName> {
        let size = ObjectName.byteCount + 1
        return Set(
            stride(from: 0, through: records.count - size, by: size).filter { records[$0 + size - 1] == 0 }.map {
                ObjectName(bytes: Array(records[$0..<$0 + size - 1]))
            })
    }

    private func hold(
        _ objects: [ObjectName], for backup: BackupID, until: Timestamp, at member: Layout.Member
    ) async throws -> ObjectStore.HoldOutcome {
        let layout = terms.layout.number
        if member.node == store.node {
            return try await store.hold(backup, project: project, objects: objects, until: until, layout: layout)
        }
        let message = HoldObjects(backup: backup, project: project, until: until, layout: layout)
        let answer = try await peers.hold(message, objects: objects, at: member)
        return ObjectStore.HoldOutcome(
            objects: answer.reply.objects, bytes: answer.reply.bytes, refused: answer.refused)
    }
}
