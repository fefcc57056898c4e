import Crypto
import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

/// What is here of one project.
extension ObjectStore {
    /// The records of the subject, one after the other. What can't be read or is not what its name says is left out.
    package nonisolated func survey(
        _ subject: SurveyObjects.Subject, of project: ProjectID
    ) async throws -> (count: Int, bytes: [UInt8]) {
        switch subject {
        case .shards:
            let condemned = await condemned(of: project)
            let names = await names(of: .shard, in: project)
            return (names.count, names.sorted().flatMap { $0.bytes + [condemned.contains($0) ? 1 : 0] })
        case .manifests:
            var records: [[UInt8]] = []
            for name in await names(of: .manifest, in: project).sorted() {
                guard let backup = try await owner(.manifest, name)?.backup else { continue }
                records.append(name.bytes + Array(backup.text.utf8))
            }
            return (records.count, Array(records.joined()))
        case .lists:
            var records: [[UInt8]] = []
            try await forEachList(of: project) { _, list in
                records.append(list.manifest.bytes + Array(list.backup.text.utf8))
            }
            return (records.count, Array(records.joined()))
        case .references:
            var shards: Set<ObjectName> = []
            try await forEachList(of: project) { _, list in
                if !(await isBuried(list.backup)) { shards.formUnion(list.shards) }
            }
            return (shards.count, shards.sorted().flatMap(\.bytes))
        case .listNames:
            var records: [[UInt8]] = []
            try await forEachList(of: project) { name, list in
                guard await !isBuried(list.backup) else { return }
                records.append(name.bytes + list.manifest.bytes + Array(list.backup.text.utf8))
            }
            return (records.count, Array(records.joined()))
        case .tombstones:
            var records: [[UInt8]] = []
            for name in await names(of: .tombstone, in: project).sorted() {
                guard let bytes = try await good(.tombstone, name), bytes.count == Tombstone.byteCount else { continue }
                records.append(bytes)
            }
            return (records.count, Array(records.joined()))
        }
    }

    package func measure(_ project: ProjectID) -> (objects: Int64, bytes: Int64) {
        let inventory = inventory.projects[project]
        return (inventory?.objects ?? 0, inventory?.bytes ?? 0)
    }

    func names(of kind: ObjectKind, in project: ProjectID) -> Set<ObjectName> {
        inventory.projects[project]?.names(of: kind) ?? []
    }

    /// Nil where the object is no longer here, or does not say.
    nonisolated func owner(_ kind: ObjectKind, _ name: ObjectName) async throws -> ObjectOwner? {
        try await ObjectOwner.read(Self.path(kind, name), on: disk)
    }

    private nonisolated func forEachList(
        of project: ProjectID, _ body: (ObjectName, ReferenceList) async throws -> Void
    ) async throws {
        for name in await names(of: .references, in: project).sorted() {
            try Task.checkCancellation()
            guard let bytes = try await good(.references, name), let list = Self.list(bytes) else { continue }
            try await body(name, list)
        }
    }

    // Inlined into a loop, the throwing initialiser crashes the optimiser of Swift 6.3.1.
    @inline(never)
    static func list(_ bytes: [UInt8]) -> ReferenceList? { try? ReferenceList(decoding: bytes) }

    /// The object's bytes, if they are still what its name says.
    nonisolated func good(_ kind: ObjectKind, _ name: ObjectName) async throws -> [UInt8]? {
        do {
            let bytes = try await bytes(kind, name, offset: 0, length: nil)
            return SHA256.hash(data: bytes).elementsEqual(name.bytes) ? bytes : nil
        } catch let error as HoldfastError where [.notFound, .corrupt, .inputOutput].contains(error.code) {
            return nil
        }
    }
}

extension ObjectOwner {
    /// Nil where there is no such file, it can't be read, or it does not say.
    static func read(_ path: String, on disk: any Disk) async throws -> ObjectOwner? {
        do {
            let file = try await disk.openForReading(path)
            do {
                let bytes = try await file.read(at: 0, count: prefixLength)
                await file.close()
                return ObjectOwner(prefix: bytes)
            } catch {
                await file.close()
                throw error
            }
        } catch let error as HoldfastError where [.notFound, .inputOutput].contains(error.code) {
            return nil
        }
    }
}
