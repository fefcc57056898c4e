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

    static func open(
        _ project: ProjectID, keys: ProjectKeys, router: ObjectRouter, resources: WorkerResources,
        warn: (String) -> Void
    ) async throws -> ProjectIndex {
        let disk = resources.disk
        let files = resources.indexFiles
        try await disk.makeDirectory("index")
        let marker = "index/\(project).unfinished"
        let known = try present(project, files, warn)
        let isUnfinished = try await disk.size(of: marker) != nil
        if let known, !isUnfinished {
            try await disk.create(marker).close()
            return ProjectIndex(index: known, files: files, marker: marker, disk: disk)
        }
        if !isUnfinished { try await disk.create(marker).close() }
        let local = try await resources.store.names(of: .shard)
        let shards = Set(local).union(known?.shards ?? [])
        // Shards of other projects, and damaged ones, are passed over: what they hold is stored again.
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
