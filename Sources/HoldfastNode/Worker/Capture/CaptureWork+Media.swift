import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// What the walk before the databases' snapshots captured.
struct MediaPass {
    var startedAt: Timestamp
    /// Never stored: it only tells the second walk what the first one found.
    var manifest: SealedObject
    var stored: ArchiveSummary
    var readBytes: Int64
    var warnings: Warnings
}

extension CaptureWork {
    func firstPass(over target: ServiceTarget) async throws -> MediaPass {
        let startedAt = resources.time.now
        var (sink, outcome, stored, warnings) = try await capture(target, startedAt: startedAt)
        warnings.add(outcome.warnings)
        let manifest = try sink.writer.finish(
            ManifestSummary(
                startedAt: startedAt, endedAt: resources.time.now, counts: .media(outcome.counts), warnings: Warnings(),
                sizes: PartSizes()))
        return MediaPass(
            startedAt: startedAt, manifest: manifest, stored: stored, readBytes: outcome.readBytes,
            warnings: warnings)
    }

    func captureMedia(_ target: ServiceTarget, after first: MediaPass?) async throws -> CapturedPart {
        let startedAt = first?.startedAt ?? resources.time.now
        let sink: ManifestEntrySink
        var outcome: MediaCapture.Outcome
        let stored: ArchiveSummary
        var warnings = Warnings()
        if let first {
            (sink, outcome, stored) = try await captureAgain(target, after: first)
        } else {
            (sink, outcome, stored, warnings) = try await capture(target, startedAt: startedAt)
        }
        warnings.add(outcome.warnings)
        var summary = ManifestSummary(
            environment: message.environment, startedAt: startedAt, endedAt: resources.time.now,
            counts: .media(outcome.counts), warnings: warnings, sizes: PartSizes(), notes: message.notes)
        summary.sizes.logicalBytes = outcome.counts.bytes
        summary.sizes.readBytes = outcome.readBytes + (first?.readBytes ?? 0)
        summary.sizes.newBytes = stored.newBytes + (first?.stored.newBytes ?? 0)
        summary.sizes.storedBytes = stored.storedBytes + (first?.stored.storedBytes ?? 0)
        let manifest = try sink.writer.finish(summary)
        let shards = Set(stored.referenced).union(first?.stored.referenced ?? [])
        return try complete(target, manifest, shards: shards, summary)
    }

    /// What the newest backup's manifest says is unchanged is not read; without a readable one everything is.
    private func capture(
        _ target: ServiceTarget, startedAt: Timestamp
    ) async throws -> (ManifestEntrySink, MediaCapture.Outcome, ArchiveSummary, Warnings) {
        var warnings = Warnings()
        if let previous = message.previous.first(where: { $0.service == target.service }) {
            do {
                let reader = try await ManifestReader.open(
                    source: router, keys: keys, project: message.project, name: previous.manifest)
                let entries = ManifestEntries(try reader.media())
                let pass = try await walk(target, startedAt: startedAt) { capture in
                    try await capture.capture(since: entries, startedAt: previous.startedAt)
                }
                return (pass.0, pass.1, pass.2, warnings)
            } catch let error as HoldfastError where [.corrupt, .notFound, .unsupported].contains(error.code) {
                guard (try? resources.root(target)) != nil else { throw error }
                warnings.add("The previous backup's manifest can't be used, so everything was read: \(error.message)")
            }
        }
        let pass = try await walk(target, startedAt: startedAt) { try await $0.capture() }
        return (pass.0, pass.1, pass.2, warnings)
    }

    private func captureAgain(
        _ target: ServiceTarget, after first: MediaPass
    ) async throws -> (ManifestEntrySink, MediaCapture.Outcome, ArchiveSummary) {
        let reader = try await ManifestReader.open(
            source: UnstoredObject(object: first.manifest), keys: keys, project: message.project,
            name: first.manifest.name)
        let entries = ManifestEntries(try reader.media())
        return try await walk(target, startedAt: first.startedAt) { capture in
            try await capture.captureAgain(after: entries, startedAt: first.startedAt)
        }
    }

    private func walk(
        _ target: ServiceTarget, startedAt: Timestamp,
        _ body: (MediaCapture) async throws -> MediaCapture.Outcome
    ) async throws -> (ManifestEntrySink, MediaCapture.Outcome, ArchiveSummary) {
        let tree = PosixMediaTree(root: try resources.root(target))
        let meter = meter
        let sink = ManifestEntrySink(
            try MediaManifestWriter(
                project: message.project, backup: message.backup, service: target.service, createdAt: startedAt,
                keys: keys, entropy: resources.entropy))
        let (outcome, stored) = try await writing { writer in
            try await body(
                MediaCapture(tree: tree, store: ArchiveChunkStore(writer), sink: sink) { bytes, items in
                    meter.set("capture", target.service, bytes: bytes, items: items)
                })
        }
        return (sink, outcome, stored)
    }
}
