import HoldfastArchive
import HoldfastModel

/// A project's index of chunks on this worker, open for one capture at a time.
///
/// A marker lies beside it from a capture's beginning to its good end: where one is found, shards may have been stored
/// that the index does not know, and it is built again from the shards.
struct ProjectIndex {
    private(set) var index: ChunkIndex
    /// Shards were stored that the file does not know.
    private var isBehind = false
    private let files: any IndexFiles
    private let marker: String
    private let disk: any Disk

    private init(index: ChunkIndex, files: any IndexFiles, marker: String, disk: any Disk) {
        self.index = index
        self.files = files
        self.marker = marker
        self.disk = disk
    }

    static let directory = "index"

    /// With more of them that it doesn't know the index is built again, in bounded memory.
    private static let addedShards = 256

    static func open(
        _ project: ProjectID, keys: ProjectKeys, router: ObjectRouter, resources: WorkerResources,
        warn: (String) -> Void
    ) async throws -> ProjectIndex {
        let disk = resources.disk
        let files = resources.indexFiles
        try await resources.store.requireNotErased(project)
        try await disk.makeDirectory(directory)
        let marker = "\(directory)/\(project).unfinished"
        let known = try present(project, files, warn)
        let isUnfinished = try await disk.size(of: marker) != nil
        if !isUnfinished { try await disk.create(marker).close() }
        let stored = try await router.storedShards()
        let new = stored.subtracting(known?.shards ?? [])
        if let known, !isUnfinished, new.count <= addedShards {
            var present = ProjectIndex(index: known, files: files, marker: marker, disk: disk)
            // Other workers store, too.
            let entries = try await ChunkIndex.entries(of: new.sorted(), source: router, keys: keys, project: project)
            try present.merge(entries, dropping: [], warn: warn)
            return present
        }
        let shards = stored.union(known?.shards ?? [])
        // Damaged shards are passed over: what they hold is stored again.
        let built = try await ChunkIndex.rebuild(
            shards: shards.sorted(), source: router, keys: keys, project: project, project.text,
            in: files, unreadable: { _, _ in })
        return ProjectIndex(index: built, files: files, marker: marker, disk: disk)
    }

    /// Nil where there is none, or only a damaged one.
    private static func present(
        _ project: ProjectID, _ files: any IndexFiles, _ warn: (String) -> Void
    ) throws(HoldfastError) -> ChunkIndex? {
        do {
            return try ChunkIndex(project.text, in: files, project: project)
        } catch {
            switch error.code {
            case .notFound: return nil
            case .corrupt, .unsupported:
                warn("\(error.message) It was built again.")
                return nil
            default: throw error
            }
        }
    }

    /// The project's index for reading, where there is a good one.
    static func forReading(_ project: ProjectID, resources: WorkerResources) -> any ChunkLookup {
        (try? ChunkIndex(project.text, in: resources.indexFiles, project: project)) ?? EmptyLookup()
    }

    /// Removes all that is here of the projects' indexes: what they say of chunks is in the clear. Durable on return.
    static func remove(of projects: Set<ProjectID>, resources: WorkerResources) async throws {
        guard !projects.isEmpty else { return }
        let disk = resources.disk
        let files = try await disk.list(directory).filter { entry in
            !entry.isDirectory
                && ProjectID(String(entry.name.prefix(ProjectID.length))).map(projects.contains) ?? false
        }
        // Index files need not lie on the worker's disk.
        for project in projects {
            resources.indexFiles.remove(project.text)
            resources.indexFiles.remove(rewriting(project))
        }
        for file in files {
            let path = "\(directory)/\(file.name)"
            if try await disk.size(of: path) != nil { try await disk.remove(path) }
        }
        if !files.isEmpty { try await disk.syncDirectory(directory) }
    }

    /// The file of a collection's rewriting, while it goes on.
    static func rewriting(_ project: ProjectID) -> String { "\(project).rewrite" }

    /// Where the file can't be written the capture goes on without: what is stored does not depend on it.
    mutating func merge(
        _ entries: [IndexEntry], dropping: Set<ObjectName>, warn: (String) -> Void
    ) throws(HoldfastError) {
        guard !entries.isEmpty || !dropping.isEmpty else { return }
        do {
            index = try ChunkIndex.write(
                index.project.text, in: files, project: index.project, base: index, additions: entries,
                dropping: dropping)
        } catch {
            guard error.code == .noSpace || error.code == .inputOutput else { throw error }
            isBehind = true
            warn("The index of what is stored could not be written: \(error.message). The next backup builds it again.")
        }
    }

    /// All shards that were stored are known, unless some could not be written down.
    func finish() async throws {
        if !isBehind { try await disk.remove(marker) }
    }
}
