import HoldfastArchive
package import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    /// Has the node that gave what was not good look at its copy, and set it aside. Repair then finds that it is missing.
    package func found(damaged kind: ObjectKind, _ name: ObjectName) async {
        let candidates = candidates(for: name).dropFirst(passedOver)
        guard let member = candidates.first(where: { !absences.contains($0.node) }) else { return }
        let object = ObjectReference(kind, name)
        // Reading goes on elsewhere, whatever comes of this.
        if member.node == store.node {
            _ = try? await store.examine([object])
        } else {
            _ = try? await peers.examine(ExamineObjects(project: project), objects: [object], at: member)
        }
    }

    /// Stores the object here, which this node does not tell of, from the nearest node with a good copy.
    ///
    /// - Returns: how many bytes came; nil where no node gave it.
    package func fetch(_ object: ObjectReference) async throws -> Int64? {
        // A file that is here in spite of that would be in the way.
        try await store.reconsider(object)
        for member in candidates(for: object.name) where member.node != store.node {
            do {
                return try await fetch(object, from: member)
            } catch {
                try Task.checkCancellation()
                let error = HoldfastError(error)
                switch error.code {
                case .corrupt, .malformed:
                    _ = try? await peers.examine(ExamineObjects(project: project), objects: [object], at: member)
                case .notFound: break
                case .unavailable, .timedOut: _ = absences.note(error, of: member.node)
                default: throw error
                }
            }
        }
        return nil
    }

    private func fetch(_ object: ObjectReference, from member: Layout.Member) async throws -> Int64 {
        let size = try await size(object.kind, object.name, at: member)
        var position: Int64 = 0
        try await store.put(
            object.kind, object.name, project: project, layout: terms.layout.number, byteCount: size
        ) {
            guard position < size else { return nil }
            let length = min(Self.fetchedPiece, size - position)
            let bytes = try await read(object.kind, object.name, offset: position, length: length, from: member)
            guard bytes.count == Int(length) else {
                throw HoldfastError(.corrupt, "Node \(member.node) gave less of \(object.name) than it has")
            }
            position += length
            return bytes
        }
        return size
    }

    private static var fetchedPiece: Int64 { 4 << 20 }
}
