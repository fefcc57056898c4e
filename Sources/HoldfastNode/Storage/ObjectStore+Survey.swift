import Crypto
import HoldfastArchive
package import HoldfastModel
package import HoldfastWire

/// What is here of one project.
extension ObjectStore {
    /// The records of the subjects, one after the other. What can't be read or is not what its name says is left out.
    package nonisolated func survey(
        _ subjects: [SurveyObjects.Subject], of project: ProjectID
    ) async throws -> Survey {
        var survey = Survey()
        var lists: ListSurvey?
        for subject in subjects {
            switch subject {
            case .shards:
                let condemned = await condemned(of: project)
                survey.add(
                    await names(of: .shard, in: project).sorted().map { $0.bytes + [condemned.contains($0) ? 1 : 0] })
            case .manifests: survey.add(try await manifests(of: project))
            case .lists, .references, .listNames:
                // Each list is read once, whatever is asked of it.
                let read = if let lists { lists } else { try await self.lists(of: project, for: subjects) }
                lists = read
                survey.add(read.records(subject))
            case .tombstones: survey.add(try await tombstones(of: project))
            }
        }
        return survey
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

    private nonisolated func manifests(of project: ProjectID) async throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        for name in await names(of: .manifest, in: project).sorted() {
            guard let backup = try await owner(.manifest, name)?.backup else { continue }
            records.append(name.bytes + Array(backup.text.utf8))
        }
        return records
    }

    private nonisolated func tombstones(of project: ProjectID) async throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        for name in await names(of: .tombstone, in: project).sorted() {
            guard let bytes = try await good(.tombstone, name), bytes.count == Tombstone.byteCount else { continue }
            records.append(bytes)
        }
        return records
    }

    private nonisolated func lists(
        of project: ProjectID, for subjects: [SurveyObjects.Subject]
    ) async throws -> ListSurvey {
        var survey = ListSurvey(subjects: subjects)
        for name in await names(of: .references, in: project).sorted() {
            try Task.checkCancellation()
            guard let bytes = try await good(.references, name), let list = Self.list(bytes) else { continue }
            survey.add(list, name, isBuried: await isBuried(list.backup))
        }
        return survey
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

/// Records of several subjects.
package struct Survey: Hashable, Sendable {
    package private(set) var counts: [Int] = []
    package private(set) var bytes: [UInt8] = []

    mutating func add(_ records: [[UInt8]]) {
        counts.append(records.count)
        bytes.append(contentsOf: records.joined())
    }
}

/// What the lists say, as far as it is asked for.
private struct ListSurvey {
    let wanted: Set<SurveyObjects.Subject>
    private var lists: [[UInt8]] = []
    private var names: [[UInt8]] = []
    private var shards: Set<ObjectName> = []

    init(subjects: [SurveyObjects.Subject]) { wanted = Set(subjects) }

    mutating func add(_ list: ReferenceList, _ name: ObjectName, isBuried: Bool) {
        let record = list.manifest.bytes + Array(list.backup.text.utf8)
        if wanted.contains(.lists) { lists.append(record) }
        guard !isBuried else { return }
        if wanted.contains(.listNames) { names.append(name.bytes + record) }
        if wanted.contains(.references) { shards.formUnion(list.shards) }
    }

    func records(_ subject: SurveyObjects.Subject) -> [[UInt8]] {
        switch subject {
        case .lists: lists
        case .listNames: names
        case .references: shards.sorted().map(\.bytes)
        case .shards, .manifests, .tombstones: []
        }
    }
}
