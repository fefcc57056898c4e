package import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    /// A range of an object from the nearest node that gives it; a nil length reads to the end. The bytes are not checked.
    package func read(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?
    ) async throws -> [UInt8] {
        try await first(kind, name) { try await read(kind, name, offset: offset, length: length, from: $0) }
    }

    func read(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?, from member: Layout.Member
    ) async throws -> [UInt8] {
        if member.node == store.node {
            let bytes = try await store.bytes(kind, name, offset: offset, length: length)
            try await road.received(bytes.count)
            return bytes
        }
        return try await get(kind, name, offset: offset, length: length, from: member).bytes
    }

    /// For who found the copies of the first places damaged.
    package func passingOver(_ places: Int) -> ObjectRouter? {
        guard places < terms.layout.members.count else { return nil }
        var router = self
        router.passedOver = places
        return router
    }

    /// Bytes of the whole object, as the first node that has it says.
    package func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 {
        try await first(kind, name) { try await size(kind, name, at: $0) }
    }

    func size(_ kind: ObjectKind, _ name: ObjectName, at member: Layout.Member) async throws -> Int64 {
        if member.node == store.node { return try await store.size(kind, name) }
        return try await get(kind, name, offset: 0, length: 0, from: member).size
    }

    private func get(
        _ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?, from member: Layout.Member
    ) async throws -> (bytes: [UInt8], size: Int64) {
        let message = GetObject(kind: kind, object: name, project: project, offset: offset, length: length)
        return try await peers.get(message, from: member, by: road)
    }

    /// Asks one node after the other, the nearest first.
    private func first<Result>(
        _ kind: ObjectKind, _ name: ObjectName, _ ask: (Layout.Member) async throws -> Result
    ) async throws -> Result {
        var errors: [HoldfastError] = []
        // Who is found away meanwhile is asked last, and still counts as a place that can be passed over.
        let (left, absent) = (candidates(for: name).dropFirst(passedOver), absences.all)
        for member in left.filter({ !absent.contains($0.node) }) + left.filter({ absent.contains($0.node) }) {
            do {
                return try await ask(member)
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                let error = HoldfastError(error)
                if error.code == .unavailable || error.code == .timedOut { _ = absences.note(error, of: member.node) }
                errors.append(error.during("node \(member.node)"))
            }
        }
        let isGone = errors.allSatisfy { $0.code == .notFound }
        let worst = errors.first { $0.code != .notFound } ?? errors.first
        throw HoldfastError(
            isGone ? .notFound : worst?.code ?? .unavailable,
            "No node gave \(kind.rawValue) \(name): " + errors.prefix(3).map(\.message).joined(separator: "; "),
            context: ["object": name.description])
    }

    /// Every member, in the order in which they are asked: this node, the holders of its region, the other holders, whoever
    /// may have it from before, and last those that were away when the work began.
    func candidates(for name: ObjectName) -> [Layout.Member] {
        let away = Set(terms.away ?? [])
        let holders = Set(whole.without(away).holders(of: name).map(\.node))
        func distance(_ member: Layout.Member) -> Int {
            if away.contains(member.node) { return 5 }
            if member.node == store.node { return holders.contains(member.node) ? 0 : 3 }
            guard holders.contains(member.node) else { return 4 }
            return member.region == region ? 1 : 2
        }
        return whole.ranking(of: name).enumerated().sorted { left, right in
            (distance(left.element), left.offset) < (distance(right.element), right.offset)
        }.map(\.element)
    }
}
