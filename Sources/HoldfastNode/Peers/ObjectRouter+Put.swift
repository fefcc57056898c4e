package import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    /// Stores the object; returns once every node that should hold it has it durably. Where one of them is away or can't
    /// store it, the next in rank does.
    ///
    /// - Throws: `unavailable` where fewer nodes take it than the policy lets a degraded backup have.
    package func put(_ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8]) async throws {
        var stored: [Layout.Member] = []
        while true {
            let missing = placement.holders(of: name).filter { !stored.contains($0) }
            guard !missing.isEmpty else { break }
            let reached = try await put(kind, name, bytes: bytes, to: missing)
            stored += reached
            if reached.count == missing.count { break }
        }
        guard terms.policy.standing(of: stored.map(\.region)) != .short else {
            throw shortage(of: "\(kind.rawValue) \(name)")
        }
    }

    /// To all at once.
    ///
    /// - Returns: those that have it durably; the others are found away.
    private func put(
        _ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8], to members: [Layout.Member]
    ) async throws -> [Layout.Member] {
        if members.count == 1 {
            return try await isStored(kind, name, bytes: bytes, at: members[0]) ? members : []
        }
        return try await withThrowingTaskGroup(of: Layout.Member?.self) { group in
            for member in members {
                group.addTask { try await isStored(kind, name, bytes: bytes, at: member) ? member : nil }
            }
            var stored: [Layout.Member] = []
            for try await member in group { if let member { stored.append(member) } }
            return stored
        }
    }

    private func isStored(
        _ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8], at member: Layout.Member
    ) async throws -> Bool {
        do {
            try await put(kind, name, bytes: bytes, to: member)
            return true
        } catch {
            try Task.checkCancellation()
            let error = HoldfastError(error)
            guard absences.note(error, of: member.node) else { throw error }
            return false
        }
    }

    func put(_ kind: ObjectKind, _ name: ObjectName, bytes: [UInt8], to member: Layout.Member) async throws {
        let layout = terms.layout.number
        if member.node == store.node {
            var rest = bytes[...]
            return try await store.put(
                kind, name, project: project, layout: layout, byteCount: Int64(bytes.count)
            ) { try await road.next(of: &rest) }
        }
        let message = PutObject(
            kind: kind, object: name, project: project, byteCount: Int64(bytes.count), layout: layout)
        try await peers.put(message, bytes: bytes, to: member, by: road)
    }
}
