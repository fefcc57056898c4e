import HoldfastArchive
import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    /// - Throws: `corrupt` where no copy is good; `notFound`.
    func list(_ name: ObjectName, keys: ProjectKeys) async throws -> ReferenceList {
        try await fromGoodCopy(of: .references, name) { router in
            try ReferenceList(
                verifying: try await router.read(.references, name, offset: 0, length: nil), keys: keys)
        }
    }

    /// The good reference lists of a manifest, wherever they lie: for who was told of one that is not there any more.
    func lists(of manifest: ObjectName, keys: ProjectKeys) async throws -> [ReferenceList] {
        var names: Set<ObjectName> = []
        for records in try await survey(.listNames) {
            for start in stride(from: 0, through: records.count - 76, by: 76) {
                guard Array(records[start + 32..<start + 64]) == manifest.bytes else { continue }
                names.insert(ObjectName(bytes: Array(records[start..<start + 32])))
            }
        }
        var lists: [ReferenceList] = []
        for name in names.sorted() {
            guard let list = try? await list(name, keys: keys), list.manifest == manifest, list.project == project
            else { continue }
            lists.append(list)
        }
        return lists
    }
}
