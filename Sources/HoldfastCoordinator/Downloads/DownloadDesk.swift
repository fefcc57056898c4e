import HoldfastCatalog
package import HoldfastCommands
import HoldfastModel
import HoldfastWire

/// Answers for the links of downloads: what they lead to, and the bytes there.
package struct DownloadDesk: DownloadSource {
    /// How much is given before the download is looked at again.
    private static let lookAgainAfter: Int64 = 16 << 20

    let office: Office
    let links: DownloadLinks

    package func file(at link: DownloadLink) async throws -> LinkedFile {
        guard links.isGenuine(link) else { throw LinkRefusal.notGenuine }
        guard link.expires > office.clock.now.milliseconds / 1000 else { throw LinkRefusal.expired }
        let download = try await working(link.download)
        guard let readyAt = download.readyAt, download.files.indices.contains(link.number - 1) else {
            throw LinkRefusal.gone
        }
        return LinkedFile(
            download: download.id, number: link.number, file: download.files[link.number - 1], readyAt: readyAt)
    }

    /// A node that fails is followed by another, which goes on at the same byte.
    package func read(
        _ file: LinkedFile, _ range: Range<Int64>, to give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await ResumedReading(office: office).run(range) { try await attempt(file, $0, $1, give) }
    }

    private func attempt(
        _ file: LinkedFile, _ range: Range<Int64>, _ place: ResumedReading.Place,
        _ give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let download = try await working(file.download)
        // As the backup is now: its chunks may have moved to other shards since.
        guard let backup = try await office.catalog.get(Backup.self, download.backup)?.value, backup.state == .complete,
            let part = backup.parts.first(where: { $0.service == file.file.content.service })
        else { throw LinkRefusal.gone }
        let actor = await office.projects[download.environment.project]
        guard let project = try? await actor.record(download.project).value else { throw LinkRefusal.gone }
        let node = try await office.reader(for: download.environment, of: project)
        let message = ReadDownload(
            project: project.id, keys: try await actor.keys(of: project), manifest: part.manifest,
            references: part.references, layout: file.file.layout,
            terms: await office.termsForReading(project.policy),
            offset: range.lowerBound, length: range.upperBound - range.lowerBound)
        try office.ledger.requireOffice()
        _ = try await office.nodes.call(node, message) { bytes in
            let given = place.given
            try await give(bytes)
            place.advance(bytes.count)
            // Who revokes a download means those under way, too.
            if given / Self.lookAgainAfter != place.given / Self.lookAgainAfter {
                _ = try await working(file.download)
            }
        }
    }

    /// The download, if its links work now.
    private func working(_ id: DownloadID) async throws -> Download {
        guard let download = try await office.catalog.get(Download.self, id)?.value else { throw LinkRefusal.gone }
        switch download.state(at: office.clock.now) {
        case .ready: return download
        case .revoked: throw LinkRefusal.revoked
        case .expired: throw LinkRefusal.expired
        case .preparing, .failed, .cancelled: throw LinkRefusal.gone
        }
    }
}
