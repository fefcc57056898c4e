import HoldfastCommands
import HoldfastModel

@testable import HoldfastArchive

extension HostileInput {
    static var downloads: [HostileInput] {
        [
            HostileInput("download-layout", seeds: DownloadSamples.layouts, later: readLayout),
            HostileInput("download-link", seeds: DownloadSamples.links) { bytes in
                let words = lines(of: bytes, 4)
                guard
                    let link = DownloadLink(
                        download: words[0], number: words[1], expires: words[2], signature: words[3])
                else { throw HoldfastError(.invalidArgument, "no link") }
                let key = ArchiveSamples.clusterKey
                let genuine = key.code(for: link.signedBytes, purpose: "link")
                try hold(
                    key.isCode(link.signature, for: link.signedBytes, purpose: "link") == (link.signature == genuine),
                    "a signature of another link")
                // The same link, however it was written.
                let again = DownloadLink(
                    download: "\(link.download)", number: "\(link.number)", expires: "\(link.expires)",
                    signature: link.signature.hexadecimal)
                try hold(again == link, "another link")
                let path = link.path(name: words[3])
                try hold(path.utf8.allSatisfy { (0x21..<0x7f).contains($0) }, "a path that is not plain")
            },
        ]
    }

    /// The layout is read, and then a stretch of the file that it tells of, out of a part that may be quite another one.
    private static func readLayout(_ bytes: [UInt8]) async throws {
        var parts = Parts(bytes)
        let (kind, shift, length) = (parts.byte(), parts.byte() & 63, parts.number())
        let text = parts.all().hexadecimal
        let layout = try DownloadLayout(text)
        try hold(layout.text == text, "another layout")
        let part = try await DownloadSamples.parts.open(isMedia: kind & 1 == 0)
        let from = UInt64(length) << UInt64(shift)
        let to = from > .max - 2000 ? .max : from + 2000
        let given = Given()
        try await DownloadStream(layout: layout, manifest: part.manifest, archive: part.archive)
            .read(from..<to) { given.count += $0.count }
        try hold(given.count <= 2000, "\(given.count) bytes instead of 2000")
    }

    /// One task's.
    private final class Given { var count = 0 }

    /// Texts, as they come apart at line breaks; empty ones where there are fewer.
    static func lines(of bytes: [UInt8], _ count: Int) -> [String] {
        let lines = bytes.split(separator: 10, maxSplits: count - 1, omittingEmptySubsequences: false)
        return lines.map { String(decoding: $0, as: UTF8.self) }
            + [String](repeating: "", count: count - lines.count)
    }
}

/// Good layouts and links, and a part that they are of.
enum DownloadSamples {
    private static let shard = Array(ArchiveSamples.objects.first?.dropFirst() ?? [])
    private static let media = Array(ArchiveSamples.objects.last?.dropFirst() ?? [])
    private static let database: [UInt8] = {
        let header = ArchiveSamples.databaseHeader
        let made = try? DatabaseManifestWriter(
            project: header.project, backup: header.backup, service: header.service, createdAt: header.createdAt,
            keys: ArchiveSamples.keys, entropy: ArchiveSamples.Zeros())
        guard var writer = made, (try? writer.add([ArchiveSamples.chunk])) != nil else { return [] }
        var summary = ArchiveSamples.summary
        summary.counts = .database(DatabaseCounts(serverVersion: "15.4", tables: 0, rows: 0, largeObjects: 0))
        return (try? writer.finish(tables: [], summary).bytes) ?? []
    }()

    /// Opened once: what is tried are layouts.
    actor OpenParts {
        private var open: [Bool: (manifest: ManifestReader<Source>, archive: ArchiveReader<Source>)] = [:]

        func open(
            isMedia: Bool
        ) async throws -> (manifest: ManifestReader<Source>, archive: ArchiveReader<Source>) {
            if let part = open[isMedia] { return part }
            let source = Source(isMedia: isMedia)
            let manifest = try await ManifestReader.open(
                source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project, name: ArchiveSamples.name)
            let archive = ArchiveReader(
                source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project,
                shards: [ArchiveSamples.name])
            open[isMedia] = (manifest, archive)
            return (manifest, archive)
        }
    }

    static let parts = OpenParts()

    /// One media tree of one file, or a dump of as many bytes, in one shard.
    struct Source: ObjectSource {
        var isMedia: Bool

        private func bytes(_ kind: ObjectKind) -> [UInt8] {
            kind == .shard ? DownloadSamples.shard : isMedia ? DownloadSamples.media : DownloadSamples.database
        }

        func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
            let bytes = bytes(kind)
            guard offset >= 0, offset <= Int64(bytes.count) else { throw HoldfastError(.corrupt, "too short") }
            return Array(bytes[Int(offset)...].prefix(length.map { Int($0) } ?? bytes.count))
        }

        func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 { Int64(bytes(kind).count) }
    }

    static var layouts: [[UInt8]] {
        let header = UInt64(ArchiveSamples.manifestHeader.bytes.count)
        func places(_ offset: UInt64) -> Checkpoints<ManifestPosition> {
            var places = Checkpoints<ManifestPosition>()
            places.offer(offset, ManifestPosition(offset: header, block: 0, skip: 0))
            return places
        }
        var frames = Checkpoints<UInt64>()
        frames.offer(0, 10)
        let listing = DownloadLayout.Listing(
            version: TarMember.version, name: Array("MANIFEST".utf8),
            modified: FileTime(seconds: 1_790_000_000, nanoseconds: 0), byteCount: 0,
            chunks: [ArchiveSamples.chunk], shards: [ArchiveSamples.name])
        let forms: [DownloadLayout.Form] = [
            .dump, .tar(listing), .file, .table(head: Array("id\tname\n".utf8), frames: frames),
        ]
        return forms.flatMap { form in
            [UInt8(0), 1].map { kind in
                let byteCount: UInt64 = if case .tar = form { 3000 } else { 10 }
                let layout = DownloadLayout(form: form, byteCount: byteCount, checkpoints: places(0))
                return [kind, 0, 0, 0] + ([UInt8](hexadecimal: layout.text) ?? [])
            }
        }
    }

    static var links: [[UInt8]] {
        guard let id = DownloadID("01eeeeeeeeee") else { return [] }
        var link = DownloadLink(download: id, number: 1, expires: 1_790_000_000, signature: [])
        let code = ArchiveSamples.clusterKey.code(for: link.signedBytes, purpose: "link")
        return [code, code.reversed(), [UInt8](repeating: 0, count: 32)].map { signature in
            link.signature = signature
            return Array("\(id)\n1\n1790000000\n\(signature.hexadecimal)".utf8)
        }
    }
}
