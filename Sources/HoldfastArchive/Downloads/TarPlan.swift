package import HoldfastModel

/// Makes the list of contents and the layout of a media part's tar: reads and checks every file on the way.
package struct TarPlan<Source: ObjectSource>: Sendable {
    private let manifest: ManifestReader<Source>
    private let archive: ArchiveReader<Source>
    /// Holes beyond this are not read for a file's hash: the largest file is eight million terabytes of them.
    private static var holeLimit: UInt64 { 16 << 30 }

    package init(manifest: ManifestReader<Source>, archive: ArchiveReader<Source>) {
        self.manifest = manifest
        self.archive = archive
    }

    /// The list of contents goes to `list` piece by piece.
    ///
    /// - Returns: the layout but for its list's chunks and shards.
    package func make(
        subject: String, list: @escaping ([UInt8]) async throws -> Void, progress: @escaping (Int64, Int64) -> Void
    ) async throws -> Outcome {
        let hashing = HashingPass(list: list, progress: progress)
        try await hashing.write(TarListing.head(subject))
        var entries = try manifest.media()
        var (offset, checkpoints) = (UInt64(0), Checkpoints<ManifestPosition>())
        var taken: Set<[UInt8]> = []
        let assembly = StreamAssembly(archive, emit: { hashing.hash($0) }, marked: { try await hashing.ended() })
        try await assembly.run {
            let place = entries.place
            guard let entry = try await entries.next() else { return nil }
            checkpoints.offer(offset, place)
            if let name = Self.listingName(entry.path) { taken.insert(name) }
            offset += TarMember.member(of: entry)?.byteCount ?? 0
            return hashing.begin(entry, holeLimit: Self.holeLimit)
        }
        try await hashing.flush()
        let ending = offset + TarMember.ending.byteCount
        guard let name = TarListing.names.map({ Array($0.utf8) }).first(where: { !taken.contains($0) }) else {
            throw HoldfastError(
                .unsupported, "The tree has every name that the list of contents could have; download single files.")
        }
        let listing = DownloadLayout.Listing(
            version: TarMember.version, name: name,
            modified: FileTime(seconds: manifest.header.createdAt.milliseconds / 1000, nanoseconds: 0),
            byteCount: hashing.listBytes, chunks: [], shards: [])
        let head = TarMember.listing(
            name: name, modified: listing.modified, byteCount: listing.byteCount, chunks: [])
        return Outcome(
            listing: listing, byteCount: head.byteCount + ending, checkpoints: checkpoints)
    }

    package struct Outcome: Sendable {
        package var listing: DownloadLayout.Listing
        package var byteCount: UInt64
        package var checkpoints: Checkpoints<ManifestPosition>

        /// - Parameters:
        ///   - chunks: hold the references of the list's chunks.
        ///   - shards: where both lie.
        package func layout(chunks: [ChunkReference], shards: [ObjectName]) -> DownloadLayout {
            var listing = listing
            (listing.chunks, listing.shards) = (chunks, shards)
            return DownloadLayout(form: .tar(listing), byteCount: byteCount, checkpoints: checkpoints)
        }
    }

    /// The entry's name, where it stands at the root and the list could have it.
    private static func listingName(_ path: [UInt8]) -> [UInt8]? {
        path.starts(with: "MANIFEST".utf8) && path.count <= 24 && !path.contains(UInt8(ascii: "/")) ? path : nil
    }
}
