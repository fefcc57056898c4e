import HoldfastArchive
import HoldfastModel

/// A part of a backup, opened for a download.
struct DownloadPart: Sendable {
    /// Plain bytes of opened segments that one reader keeps.
    private static let cacheBytes = 8 << 20

    let manifest: ManifestReader<ObjectRouter>
    private let shards: [ObjectName]
    private let router: ObjectRouter
    private let keys: ProjectKeys
    private let index: any ChunkLookup

    init(
        manifest: ObjectName, references: ObjectName, project: ProjectID, keys: ProjectKeys, router: ObjectRouter,
        index: any ChunkLookup
    ) async throws {
        let part = try await PartReader(
            manifest: manifest, references: references, project: project, keys: keys, router: router,
            lookup: EmptyLookup())
        self.manifest = part.manifest
        self.router = router
        self.keys = keys
        shards = part.references.shards
        self.index = ListedLookup(index: index, shards: Set(shards))
    }

    /// Reads the part's chunks, and those in further shards.
    func archive(with further: [ObjectName] = []) -> ArchiveReader<ObjectRouter> {
        // The index doesn't know those of a list of contents, so they are looked for first.
        ArchiveReader(
            source: router, keys: keys, project: router.project, lookup: index, shards: further + shards,
            further: { [router, keys, manifest] in
                try await router.lists(of: manifest.name, keys: keys).flatMap(\.shards)
            }, cacheBytes: Self.cacheBytes)
    }

    func stream(_ layout: DownloadLayout) -> DownloadStream<ObjectRouter> {
        var further: [ObjectName] = []
        if case .tar(let listing) = layout.form { further = listing.shards }
        return DownloadStream(layout: layout, manifest: manifest, archive: archive(with: further))
    }

    /// Gives a range of a prepared file.
    func read(
        _ layout: DownloadLayout, _ range: Range<UInt64>, _ emit: @escaping (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        guard case .table(let head, let frames) = layout.form else {
            return try await stream(layout).read(range, emit)
        }
        try await TableRows(part: self, layout: layout, head: head, frames: frames).read(range, emit)
    }
}
